import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { type ApiConfig, standardLimits } from './config.js';
import { openApiDocument } from './edge/index.js';

/** Nothing of it is used: in preview mode Nest reads the routes and makes no instance. */
const unused: ApiConfig = {
  production: false,
  logLevel: 'info',
  bind: '127.0.0.1',
  port: 1,
  publicUrl: 'http://127.0.0.1:1',
  trustProxy: undefined,
  tls: undefined,
  appDatabaseUrl: '',
  controlDatabaseUrl: '',
  databasePoolSize: 2,
  objectStore: '',
  gateway: { kind: 'unix', path: '' },
  masterKey: Buffer.alloc(32),
  egressOpenFile: undefined,
  mailbox: true,
  consoleFolder: undefined,
  downloadsFolder: undefined,
  metricsToken: undefined,
  limits: standardLimits,
  checkResponses: false,
};

/** The text of `apps/api/openapi.json`, made from the routes alone. */
export async function openApiText(): Promise<string> {
  const app = await NestFactory.create(AppModule.create(unused), { preview: true, logger: false, abortOnError: false });
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}

export const openApiFile = fileURLToPath(new URL('../openapi.json', import.meta.url));

async function main(check: boolean): Promise<void> {
  const text = await openApiText();
  if (!check) await writeFile(openApiFile, text);
  else if ((await readFile(openApiFile, 'utf8').catch(() => '')) !== text) {
    process.stderr.write('apps/api/openapi.json is stale: run `npm run generate` and commit it\n');
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
