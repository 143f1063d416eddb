import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runners know their pool's sandbox mode from their start: one that was started with another has to be replaced. */
export class AddSandboxModes1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table runners add column sandbox_mode text not null default 'fresh'
         check (sandbox_mode in ('fresh', 'run', 'reuse'))`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
