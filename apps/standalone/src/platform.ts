import { join } from 'node:path';
import { postgresBinaries } from '@millrace/embedded';
import type { Environment } from '@millrace/platform';
import { checkout, type StandaloneConfig } from './config.js';
import { writeEgressFile } from './egress-file.js';
import { checkExternal } from './external.js';
import type { InstanceFolder } from './instance-folder.js';
import { choosePorts, type Ports } from './ports.js';
import { apiUrlOf, inheritedEnvironment, programsOf, publicUrlOf } from './program-settings.js';
import { programService } from './programs.js';
import type { Say } from './progress.js';
import { type Runtime, runtimeFor } from './runtime-folder.js';
import { masterKeyIn, passwordsIn } from './secrets.js';
import {
  type DatabaseUrls,
  embeddedDatabaseUrls,
  postgresService,
  type ServerContext,
  temporalService,
  upgradeSchema,
  warehouseService,
} from './servers.js';
import type { Supervisor } from './supervisor.js';
import { findTemporal, usableBinary } from './temporal-source.js';

export interface PlatformContext {
  readonly config: StandaloneConfig;
  readonly env: Environment;
  readonly folder: InstanceFolder;
  readonly supervisor: Supervisor;
  readonly say: Say;
  /** Gives up the start. */
  readonly signal: AbortSignal;
}

/** Where the running platform is reached. */
export interface PlatformUrls {
  readonly api: string;
  /** The API as programs on this machine reach it. */
  readonly local: string;
  readonly docs: string;
  /** Null where Temporal is the operator's own. */
  readonly temporalUi: string | null;
}

async function startDatabase(context: PlatformContext, server: ServerContext): Promise<DatabaseUrls> {
  const { config, supervisor, say } = context;
  const { databaseUrl, appDatabaseUrl, controlDatabaseUrl } = config;
  if (databaseUrl !== undefined && appDatabaseUrl !== undefined && controlDatabaseUrl !== undefined) {
    await upgradeSchema(databaseUrl, say);
    return { owner: databaseUrl, app: appDatabaseUrl, control: controlDatabaseUrl };
  }
  await supervisor.add(postgresService(server));
  return embeddedDatabaseUrls(server);
}

async function startTemporalServer(
  context: PlatformContext,
  server: ServerContext,
  databaseReady: Promise<unknown>,
): Promise<string> {
  const { config, env, folder, supervisor, say, signal } = context;
  const found = await findTemporal({
    address: config.temporalAddress ?? config.foreignTemporalAddress,
    binary: config.temporalBin,
    env,
    say,
    signal,
  });
  if (found.kind === 'address') return found.address;
  const path = await usableBinary(found, folder.user, join(folder.paths.runtime, 'temporal'));
  const { serverVersion } = found;
  // A backup before an upgrade copies Temporal's store as well, which must then be at rest.
  await databaseReady;
  await supervisor.add(temporalService(server, { path, serverVersion, namespace: config.temporalNamespace }));
  return `127.0.0.1:${server.ports.temporal}`;
}

async function startPrograms(
  context: PlatformContext,
  facts: { ports: Ports; database: DatabaseUrls; temporalAddress: string; runtime: Runtime },
): Promise<void> {
  const { config, env, folder, supervisor } = context;
  const { ports, database, temporalAddress, runtime } = facts;
  const masterKeyFile = config.masterKeyFile ?? (await masterKeyIn(folder.paths.keys, folder.user));
  const samplePorts = [ports.warehouse, ports.orders];
  const egressFile = await writeEgressFile(folder.paths.config, config.egressOpen, samplePorts);
  const programs = programsOf(
    { config, folder, runtime, database, apiPort: ports.api, temporalAddress, masterKeyFile, egressFile },
    env,
  );
  const baseEnv = inheritedEnvironment(env);
  const services = programs.map((program) => programService({ folder, runtime, baseEnv }, program));
  await Promise.all(services.map((service) => supervisor.add(service)));
}

/** Starts everything in order and resolves when the API answers; rejects with what went wrong, parts then still run. */
export async function startPlatform(context: PlatformContext): Promise<PlatformUrls> {
  const { config, folder, say } = context;
  await checkExternal(config);
  const ports = await choosePorts(join(folder.paths.state, 'ports.json'), config.bind, config.port);
  const passwords = await passwordsIn(folder.paths.passwords);
  const binaries = await postgresBinaries(folder.user, join(folder.paths.runtime, 'postgres'));
  const server: ServerContext = { folder, ports, passwords, binaries, say };
  const databaseReady = startDatabase(context, server);
  const [database, temporalAddress, , runtime] = await Promise.all([
    databaseReady,
    startTemporalServer(context, server, databaseReady),
    context.supervisor.add(warehouseService(server)),
    runtimeFor(checkout, join(folder.paths.runtime, 'programs'), folder.user),
  ]);
  say('Postgres and Temporal are up');
  await startPrograms(context, { ports, database, temporalAddress, runtime });
  const api = publicUrlOf(config, ports.api);
  const embeddedTemporal = config.temporalAddress === undefined && config.foreignTemporalAddress === undefined;
  return {
    api,
    local: apiUrlOf(config, ports.api),
    docs: `${api}/docs`,
    temporalUi: embeddedTemporal ? `http://127.0.0.1:${ports.temporalUi}` : null,
  };
}
