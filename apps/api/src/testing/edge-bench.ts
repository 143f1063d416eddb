import type { DynamicModule } from '@nestjs/common';
import { TenantDatabase } from '@millrace/database';
import { createApiKey, type Scope } from '@millrace/tenancy';
import { asSuper, seedOrganization, type SeededOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import type { ApiConfig } from '../config.js';
import { EdgeModule } from '../edge/index.js';
import { NotesModule } from './notes.module.js';
import { type RunningApi, startApi } from './start-api.js';

export const notesRoot = (config: ApiConfig): DynamicModule => ({
  module: class Root {},
  imports: [EdgeModule.create(config), NotesModule],
});

export const bearer = (token: string): [string, string] => ['authorization', `Bearer ${token}`];

/** The edge with nothing behind it but notes, and two organizations. */
export class EdgeBench {
  private constructor(
    readonly database: TestDatabase,
    readonly api: RunningApi,
    readonly tenant: SeededOrganization,
    readonly stranger: SeededOrganization,
    /** Of the tenant, with the scopes read and deploy. */
    readonly key: string,
    /** Of the tenant, with the scope read alone. */
    readonly readKey: string,
  ) {}

  static async start(): Promise<EdgeBench> {
    const database = await testDatabase();
    const tenant = await seedOrganization(database.superuserUrl);
    const stranger = await seedOrganization(database.superuserUrl);
    const api = await startApi(database, {}, notesRoot);
    const key = await makeKey(api, tenant, ['read', 'deploy']);
    return new EdgeBench(database, api, tenant, stranger, key, await makeKey(api, tenant, ['read']));
  }

  makeKey(organization: SeededOrganization, scopes: Scope[]): Promise<string> {
    return makeKey(this.api, organization, scopes);
  }

  /** The texts of all notes, oldest first. */
  async texts(): Promise<string[]> {
    const rows = await asSuper<{ value: string }>(
      this.database.superuserUrl,
      `select value from variables order by name`,
    );
    return rows.map((row) => row.value);
  }

  async clear(): Promise<void> {
    await asSuper(this.database.superuserUrl, 'delete from variables');
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.database.drop();
  }
}

async function makeKey(api: RunningApi, organization: SeededOrganization, scopes: Scope[]): Promise<string> {
  const { tenantId } = organization;
  const made = await api.app
    .get(TenantDatabase)
    .transaction(tenantId, (tx) =>
      createApiKey(
        tx,
        { tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes },
        { name: 'spec', scopes, environmentId: undefined, expiresAt: undefined },
      ),
    );
  return made.key;
}
