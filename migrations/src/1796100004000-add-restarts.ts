import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs whose workflow was lost are started again from their rows, a bounded number of times. */
export class AddRestarts1796100004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table runs add column restarts integer not null default 0`);
    await runner.query(`grant select (restarts) on runs to millrace_control`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
