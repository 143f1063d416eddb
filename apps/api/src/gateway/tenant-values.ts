import type { OfferedConnection } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import { type AttemptId, DomainError, type EnvironmentId, type RunId } from '@millrace/kernel';
import type { AttemptReader, TenantValues } from '@millrace/runs';
import { readConnections, readVariables, type SecretVault } from '@millrace/tenancy';

/** What attempts may read of their organization, out of its vault, connections and variables. */
export class StoredTenantValues implements TenantValues {
  constructor(private readonly vault: SecretVault) {}

  async secrets(
    tx: TenantTransaction,
    reader: AttemptReader,
    names: readonly string[],
  ): Promise<Record<string, string>> {
    const values = await this.vault.readForAttempt(tx, { ...requestOf(reader), names });
    return Object.fromEntries([...values].map(([name, { value }]) => [name, value]));
  }

  async connections(
    tx: TenantTransaction,
    reader: AttemptReader,
    names: readonly string[],
  ): Promise<readonly OfferedConnection[]> {
    const found = await readConnections(tx, reader.environmentId, names);
    const passwordNames = [...found.values()].flatMap(({ passwordSecret }) => passwordSecret ?? []);
    const passwords = await this.vault.readForAttempt(tx, { ...requestOf(reader), names: [...new Set(passwordNames)] });
    return [...found.values()].map((connection) => {
      const password = passwords.get(connection.passwordSecret ?? '')?.value;
      return {
        name: connection.name,
        type: connection.type,
        host: connection.host,
        port: connection.port,
        ...(connection.username === null ? {} : { user: connection.username }),
        ...(password === undefined ? {} : { password }),
        ...(connection.database === null ? {} : { database: connection.database }),
        tls: connection.tls,
        options: { ...connection.options },
      };
    });
  }

  async variables(
    tx: TenantTransaction,
    environmentId: EnvironmentId,
    names: readonly string[],
  ): Promise<Record<string, string>> {
    const all = await readVariables(tx, environmentId);
    const missing = names.filter((name) => !Object.hasOwn(all, name));
    if (missing.length > 0) {
      throw new DomainError(
        'not_found',
        'variable.not_found',
        `the environment has no variable ${missing.map((name) => JSON.stringify(name)).join(', ')}`,
      );
    }
    return Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
  }
}

function requestOf(reader: AttemptReader): {
  environmentId: EnvironmentId;
  runId: RunId;
  taskId: string;
  mapIndex: number;
  attemptId: AttemptId;
} {
  return { ...reader, runId: reader.runId as RunId, attemptId: reader.attemptId as AttemptId };
}
