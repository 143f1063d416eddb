import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts that a runner executes back to back, the way each of them took, and when it was offered. */
export class AddStretches1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The first attempt of the stretch that this one belongs to; null for the first itself.
      alter table attempts add column stretch_id text;
      -- Of a first attempt that was not asked for: what else is handed to its runner with it.
      alter table attempts add column stretch jsonb;
      -- When it was pushed to its runner; null where the runner asked for it.
      alter table attempts add column offered_at timestamptz;
      create index attempts_by_run on attempts (tenant_id, run_id, id);
      grant select (way, started_at, accepted_at, offered_at, stretch_id) on attempts to millrace_control;
      alter table pools alter column sandbox_mode set default 'run';
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
