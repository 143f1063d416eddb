import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = `
-- Who is told of what: [{on: […], email: […]} or {on: […], webhook}]; null where the definition has no "notify".
alter table pipeline_versions add column notify jsonb;
-- From the creation of a run to its end.
alter table pipeline_versions add column deadline_ms bigint check (deadline_ms > 0);

-- Where the bundle came from, as the client says: {repository, commit, branch, message, dirty}.
alter table deployments add column source jsonb;
-- The deployment of another environment whose versions this one took over.
alter table deployments add column promoted_from text;
create index deployments_by_environment on deployments (tenant_id, environment_id, id);
`;

/** Notify rules and deadlines of versions; where a deployment comes from. */
export class CompletePipelines1796100002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
