import { access, constants, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ErrorDetail } from '@millrace/kernel';
import { invalidConfig } from '@millrace/platform';
import { Client } from 'pg';
import type { StandaloneConfig } from './config.js';

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function mistake(variable: string, message: string, hint?: string): ErrorDetail {
  const base = { code: 'config.unusable', pointer: `/${variable}`, message: `${variable}: ${message}` };
  return hint === undefined ? base : { ...base, hint };
}

interface RoleFacts {
  readonly role: string;
  readonly privileged: boolean;
  readonly owns: boolean;
}

async function checkRole(variable: string, url: string, mayOwn: boolean): Promise<ErrorDetail[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<RoleFacts>(
      `select current_user as role, r.rolsuper or r.rolbypassrls as privileged,
              pg_get_userbyid(d.datdba) = current_user as owns
       from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
    );
    const facts = rows[0];
    if (facts === undefined || mayOwn) return [];
    const hint = 'create it with `create role … login nosuperuser nobypassrls`';
    if (facts.privileged) return [mistake(variable, `role ${facts.role} is exempt from row-level security`, hint)];
    if (facts.owns) return [mistake(variable, `role ${facts.role} owns the database`, hint)];
    return [];
  } catch (error) {
    return [mistake(variable, `cannot be used: ${reason(error)}`)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkDatabases(config: StandaloneConfig): Promise<ErrorDetail[]> {
  const { databaseUrl, appDatabaseUrl, controlDatabaseUrl } = config;
  if (databaseUrl === undefined || appDatabaseUrl === undefined || controlDatabaseUrl === undefined) return [];
  const results = await Promise.all([
    checkRole('MILLRACE_DATABASE_URL', databaseUrl, true),
    checkRole('MILLRACE_APP_DATABASE_URL', appDatabaseUrl, false),
    checkRole('MILLRACE_CONTROL_DATABASE_URL', controlDatabaseUrl, false),
  ]);
  return results.flat();
}

async function checkTemporal(config: StandaloneConfig, address: string | undefined): Promise<ErrorDetail[]> {
  if (address === undefined) return [];
  const variable = config.temporalAddress === undefined ? 'TEMPORAL_ADDRESS' : 'MILLRACE_TEMPORAL_ADDRESS';
  const namespace = config.temporalNamespace;
  // Loaded only here, since the SDK is large and an embedded server needs no check.
  const { connectClient } = await import('@millrace/temporal');
  try {
    const client = await connectClient({
      address,
      namespace,
      tls: config.temporalTls,
      tlsCaFile: config.temporalTlsCa,
      tlsCertFile: config.temporalTlsCert,
      tlsKeyFile: config.temporalTlsKey,
      apiKey: config.temporalApiKey,
    });
    try {
      await client.workflowService.describeNamespace({ namespace });
      return [];
    } catch (error) {
      const hint = `create it with \`temporal operator namespace create -n ${namespace}\`, or name another`;
      return [
        mistake('MILLRACE_TEMPORAL_NAMESPACE', `${address} does not know "${namespace}" (${reason(error)})`, hint),
      ];
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    return [mistake(variable, `no Temporal server answers at ${address}: ${reason(error)}`)];
  }
}

async function checkObjectStore(url: string | undefined): Promise<ErrorDetail[]> {
  // A bucket is asked for by the programs that use it, with their credentials.
  if (url === undefined || url.startsWith('s3:')) return [];
  const folder = fileURLToPath(url);
  try {
    // Not with its parents: those are for the operator to make, and Node never returns from trying so below /proc.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await access(folder, constants.R_OK | constants.W_OK);
    return [];
  } catch (error) {
    return [mistake('MILLRACE_OBJECT_STORE', `${folder} cannot be written: ${reason(error)}`)];
  }
}

/** Tries everything that the operator brings along and reports all that does not work at once. */
export async function checkExternal(config: StandaloneConfig): Promise<void> {
  const address = config.temporalAddress ?? config.foreignTemporalAddress;
  const findings = await Promise.all([
    checkDatabases(config),
    checkTemporal(config, address),
    checkObjectStore(config.objectStore),
  ]);
  if (findings.flat().length > 0) throw invalidConfig(findings.flat());
}
