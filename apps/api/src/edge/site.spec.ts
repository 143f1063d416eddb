import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../testing/start-api.js';

const html = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';
let folder: string;
let database: TestDatabase;
let api: RunningApi;

const open = (path: string, accept = html): request.Test => request(api.server).get(path).set('accept', accept);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-site-'));
  await writeFile(join(folder, 'secret.txt'), 'not to be seen');
  database = await testDatabase();
  api = await startApi(database, {
    consoleFolder: join(folder, 'site'),
    downloadsFolder: join(folder, 'downloads'),
  });
});

afterAll(async () => {
  await api.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('a console that has not been built', () => {
  it('is a page that says how to build it, for browsers only', async () => {
    const page = await open('/');
    expect([page.status, page.type]).toEqual([200, 'text/html']);
    expect(page.text).toContain('npm run bundle --workspace @millrace/console');
    expect(page.headers['cache-control']).toBe('no-store');
    const landing = await open('/', '*/*');
    expect(landing.body).toMatchObject({ name: 'Millrace' });
  });
});

describe('the console', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'site', 'assets'), { recursive: true });
    await writeFile(join(folder, 'site', 'index.html'), '<!doctype html><title>the console</title>');
    await writeFile(join(folder, 'site', 'assets', 'main-a1b2c3.js'), 'export {};');
    await writeFile(join(folder, 'site', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(join(folder, 'site', '.hidden'), 'not to be seen');
  });

  it('is served at / and at every address that a browser opens', async () => {
    for (const path of ['/', '/runs/run_1', '/index.html', '/a.b/c?d=e']) {
      const page = await open(path);
      expect([page.status, page.type], path).toEqual([200, 'text/html']);
      expect(page.text).toContain('the console');
      expect(page.headers['cache-control']).toBe('no-cache');
      expect(page.headers['vary']).toContain('accept');
    }
    expect((await request(api.server).head('/runs').set('accept', html)).status).toBe(200);
  });

  it('lets nothing in but what comes from this server', async () => {
    const policy = String((await open('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('has files whose names are hashes kept for ever, and others asked for again', async () => {
    const hashed = await open('/assets/main-a1b2c3.js', '*/*');
    expect([hashed.status, hashed.type]).toEqual([200, 'text/javascript']);
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const other = await open('/favicon.svg', '*/*');
    expect([other.status, other.type, other.headers['cache-control']]).toEqual([200, 'image/svg+xml', 'no-cache']);
    const known = await open('/favicon.svg', '*/*').set('if-modified-since', String(other.headers['last-modified']));
    expect(known.status).toBe(304);
  });

  it('answers a file that is gone with a problem, never with the page', async () => {
    const gone = await open('/assets/main-old.js');
    expect([gone.status, gone.type]).toEqual([404, 'application/problem+json']);
    expect((await open('/nothing', 'application/json')).status).toBe(404);
  });

  it('leaves the addresses of the API alone', async () => {
    for (const path of ['/v1/nothing', '/docs/nothing', '/downloads/nothing.tgz']) {
      expect((await open(path)).type, path).toBe('application/problem+json');
    }
    expect((await open('/healthz')).body).toEqual({ status: 'ok' });
    expect((await request(api.server).post('/').set('accept', html)).status).toBe(404);
  });

  it('shows nothing outside its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/.hidden',
      '/assets/..%5c..%5csecret.txt',
      '/%00',
      '/%',
    ])
      expect((await open(path, '*/*')).text, path).not.toContain('not to be seen');
  });
});

describe('downloads', () => {
  it('are files of their folder, to be saved', async () => {
    await mkdir(join(folder, 'downloads'), { recursive: true });
    await writeFile(join(folder, 'downloads', 'millrace-cli.tgz'), 'packed');
    const file = await open('/downloads/millrace-cli.tgz', '*/*');
    expect(file.status).toBe(200);
    expect(file.headers['content-disposition']).toBe('attachment; filename="millrace-cli.tgz"');
    expect((file.body as Buffer).toString()).toBe('packed');
    for (const path of ['/downloads/..%2fsecret.txt', '/downloads/%2e%2e', '/downloads/x%22y', '/downloads/none.tgz'])
      expect((await open(path)).status, path).toBe(404);
    const ranged = await open('/downloads/millrace-cli.tgz').set('range', 'bytes=100-200');
    expect(ranged.status).toBe(416);
  });
});
