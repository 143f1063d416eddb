import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DynamicModule } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../app.module.js';
import { type ApiConfig, type ApiLimits, standardLimits } from '../config.js';
import { createApi } from '../create-api.js';

/** The API inside a spec: on a database of its own, responses checked against their schemas. */
export interface RunningApi {
  readonly app: NestExpressApplication;
  /** For supertest, which listens by itself. */
  readonly server: Server;
  readonly config: ApiConfig;
  readonly close: () => Promise<void>;
}

const many = 1_000_000;

/** Nobody waits for a limit in a spec that is not about limits; the lock-out stays as it is. */
export const openLimits: ApiLimits = {
  ...standardLimits,
  perCredential: { ...standardLimits.perCredential, capacity: many },
  perOrganization: () => ({ name: 'organization', capacity: many, windowSeconds: 60 }),
  perAddress: { ...standardLimits.perAddress, capacity: many },
  signup: { ...standardLimits.signup, capacity: many },
  login: { ...standardLimits.login, capacity: many },
};

/** Starts the API; `root` replaces the application's module, for specs of the edge alone. */
export async function startApi(
  database: { readonly appUrl: string; readonly controlUrl: string },
  overrides: Partial<ApiConfig> = {},
  root: (config: ApiConfig) => DynamicModule = (config) => AppModule.create(config),
): Promise<RunningApi> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-api-'));
  const config: ApiConfig = {
    production: false,
    logLevel: 'fatal',
    bind: '127.0.0.1',
    port: 0,
    publicUrl: 'http://127.0.0.1',
    trustProxy: undefined,
    tls: undefined,
    appDatabaseUrl: database.appUrl,
    controlDatabaseUrl: database.controlUrl,
    databasePoolSize: 5,
    objectStore: pathToFileURL(join(folder, 'objects')).href,
    gateway: { kind: 'unix', path: join(folder, 'gateway.sock') },
    masterKey: randomBytes(32),
    egressOpenFile: undefined,
    mailbox: true,
    consoleFolder: undefined,
    downloadsFolder: undefined,
    metricsToken: undefined,
    limits: openLimits,
    checkResponses: true,
    ...overrides,
  };
  const app = await createApi(config, root(config));
  return {
    app,
    server: app.getHttpServer(),
    config,
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
