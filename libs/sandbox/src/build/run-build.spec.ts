import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../detect-tier.js';
import { EgressGuard } from '../egress/guard.js';
import { type SandboxFixture, sandboxFixture } from '../sandbox-fixture.js';
import { hostEnvironment } from '../config.js';
import { type PackageIndexes, readPackageIndexes } from './package-indexes.js';
import { type BuildOptions, type BuildResult, runBuild } from './run-build.js';

const registry = 'http://registry.example:8081';

/** A registry of one package, which wants a token and whose package has an install script. */
async function fakeRegistry(
  directory: string,
): Promise<{ server: Server; asked: IncomingMessage[]; integrity: string }> {
  const source = join(directory, 'package');
  await mkdir(source, { recursive: true });
  const scripts = { install: "node -e \"require('fs').writeFileSync('ran.txt', 'ran')\"" };
  await writeFile(
    join(source, 'package.json'),
    JSON.stringify({ name: 'greeting', version: '1.2.3', main: 'index.js', scripts }),
  );
  await writeFile(join(source, 'index.js'), "module.exports = 'hello';\n");
  const tarball = execFileSync('tar', ['-czf', '-', '-C', directory, 'package']);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const version = {
    name: 'greeting',
    version: '1.2.3',
    scripts,
    hasInstallScript: true,
    dist: { tarball: `${registry}/files/greeting-1.2.3.tgz`, integrity },
  };
  const asked: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    asked.push(incoming);
    if (incoming.headers.authorization !== 'Bearer the-token') response.writeHead(401).end();
    else if (incoming.url === '/files/greeting-1.2.3.tgz') response.end(tarball);
    else if (incoming.url === '/greeting') {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ name: 'greeting', 'dist-tags': { latest: '1.2.3' }, versions: { '1.2.3': version } }),
      );
    } else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, integrity };
}

describe('a build of dependencies', { timeout: 120_000 }, () => {
  let fixture: SandboxFixture;
  let pythonPath: string | undefined;
  let fake: Awaited<ReturnType<typeof fakeRegistry>>;
  let builds = 0;

  const privateIndexes: PackageIndexes = {
    npm: { registry: `${registry}/`, scopes: {} },
    pip: { indexUrl: `${registry}/simple`, extraIndexUrls: [], findLinks: [] },
    fileOrigins: [],
    credentials: [{ urlPrefix: `${registry}/`, authorization: 'Bearer the-token' }],
  };
  const build = async (
    kind: 'npm' | 'pip',
    files: Record<string, string>,
    more: Partial<BuildOptions> = {},
  ): Promise<BuildResult & { outDir: string }> => {
    builds += 1;
    const outDir = join(fixture.directory, `out-${builds}`);
    const { bundleDir } = await fixture.bundle(files);
    const result = await runBuild({
      tier: 'standard',
      kind,
      bundleDir,
      outDir,
      workDir: join(fixture.directory, `build-${builds}`),
      indexes: privateIndexes,
      guard: new EgressGuard({
        resolve: () => Promise.resolve(['10.0.0.9']),
        dial: () =>
          new Promise((resolve, reject) => {
            const socket = connect((fake.server.address() as AddressInfo).port, '127.0.0.1', () => resolve(socket));
            socket.once('error', reject);
          }),
      }),
      ...(pythonPath === undefined ? {} : { pythonPath }),
      ...(process.getuid?.() === 0 ? { runAs: { uid: fixture.uid, gid: fixture.uid } } : {}),
      timeoutMs: 60_000,
      ...more,
    });
    return { ...result, outDir };
  };
  const lock = (resolved: string, integrity: string): string =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { greeting: '^1.0.0' } },
        'node_modules/greeting': { version: '1.2.3', resolved, integrity },
      },
    });
  const greeting = { 'package.json': '{"dependencies":{"greeting":"^1.0.0"}}' };

  beforeAll(async () => {
    fixture = await sandboxFixture();
    pythonPath = await findPython();
    await mkdir(join(fixture.directory, 'registry'));
    fake = await fakeRegistry(join(fixture.directory, 'registry'));
  });
  afterAll(async () => {
    fake.server.close();
    await fixture.close();
  });

  it('installs from the indexes of this host: npm, without a lock and with the one that it gave', async () => {
    const real = {
      indexes: await readPackageIndexes({ env: hostEnvironment, homeDir: homedir() }),
      guard: new EgressGuard(),
    };
    const manifest = '{"name":"b","version":"1.0.0","dependencies":{"is-number":"^7.0.0"}}';
    const resolved = await build('npm', { 'package.json': manifest }, real);
    const lock = JSON.parse(resolved.lock ?? '{}') as {
      packages: Record<string, { resolved?: string; version: string }>;
    };
    // Locks made elsewhere name the public registry, whatever the operator's is.
    for (const entry of Object.values(lock.packages))
      entry.resolved = 'https://registry.npmjs.org/is-number/-/is-number-7.0.0.tgz';
    const locked = await build('npm', { 'package.json': manifest, 'package-lock.json': JSON.stringify(lock) }, real);

    expect(resolved).toMatchObject({ ok: true });
    expect(lock.packages['node_modules/is-number']?.version).toBe('7.0.0');
    expect(resolved.lock).not.toContain('127.0.0.1');
    expect(readdirSync(resolved.outDir)).toEqual(['node_modules']);
    expect(locked).toMatchObject({ ok: true });
    expect(locked.lock).toBeUndefined();
    expect(existsSync(join(locked.outDir, 'node_modules', 'is-number', 'index.js'))).toBe(true);
  });

  it('installs from the indexes of this host: pip, without hashes and with those that it gave', async () => {
    const real = {
      indexes: await readPackageIndexes({ env: hostEnvironment, homeDir: homedir() }),
      guard: new EgressGuard(),
    };
    const resolved = await build('pip', { 'requirements.txt': 'six==1.16.0\n' }, real);
    const hashed = await build('pip', { 'requirements.txt': resolved.lock ?? '' }, real);
    const wrong = await build('pip', { 'requirements.txt': `six==1.16.0 --hash=sha256:${'0'.repeat(64)}\n` }, real);

    expect(resolved).toMatchObject({ ok: true });
    expect(resolved.lock).toMatch(/^six==1\.16\.0 --hash=sha256:[0-9a-f]{64}\n$/);
    expect(hashed).toMatchObject({ ok: true });
    expect(existsSync(join(hashed.outDir, 'six.py'))).toBe(true);
    expect(wrong).toMatchObject({ ok: false, error: 'pip could not install the dependencies (see the log)' });
    expect(wrong.log).toContain('DO NOT MATCH THE HASHES');
  });

  it('adds credentials outside, opens a private index alone, and runs no install script', async () => {
    // The lock was made behind the same index.
    const built = await build('npm', {
      ...greeting,
      'package-lock.json': lock(`${registry}/files/greeting-1.2.3.tgz`, fake.integrity),
    });
    const scripted = await build('npm', greeting, { allowScripts: true });
    const module = join('node_modules', 'greeting');

    expect(built).toMatchObject({ ok: true });
    expect(readFileSync(join(built.outDir, module, 'index.js'), 'utf8')).toContain('hello');
    expect(existsSync(join(built.outDir, module, 'ran.txt'))).toBe(false);
    expect(existsSync(join(scripted.outDir, module, 'ran.txt'))).toBe(true);
    expect(fake.asked.length).toBeGreaterThan(0);
    expect(built.log).not.toContain('the-token');
  });

  it('reaches nothing else: neither another host nor the credentials', async () => {
    const elsewhere = await build('npm', { 'package.json': '{"dependencies":{"x":"https://public.example/x.tgz"}}' });
    const scripts = { install: 'env; cat /task/npmrc; exit 1' };
    const snooping = await build(
      'npm',
      { 'package.json': JSON.stringify({ scripts, dependencies: { greeting: '1' } }) },
      { allowScripts: true },
    );

    expect(elsewhere.ok).toBe(false);
    expect(elsewhere.log).toContain('egress: connection refused to public.example:443');
    expect(snooping.ok).toBe(false);
    expect(snooping.log).toContain('registry=http://127.0.0.1');
    expect(snooping.log).not.toContain('the-token');
  });

  it('reports what npm says, and ends what is too large or takes too long', async () => {
    const unknown = await build('npm', { 'package.json': '{"dependencies":{"no-such-package":"1"}}' });
    const large = await build('npm', greeting, { maxBytes: 10 });
    const late = await build('npm', greeting, { timeoutMs: 50 });

    expect(unknown).toMatchObject({ ok: false, error: 'npm could not install the dependencies (see the log)' });
    expect(unknown.log).toContain('no-such-package');
    expect(large).toMatchObject({ ok: false, error: 'the dependencies are over the limit of 0 MiB' });
    expect(late).toMatchObject({ ok: false, error: 'the time limit of 50 ms was reached' });
  });
});

describe('the package indexes of a host', () => {
  it('are read from the files and variables of npm and pip, credentials apart', async () => {
    const fixture = await sandboxFixture();
    const homeDir = join(fixture.directory, 'home');
    await mkdir(join(homeDir, '.config', 'pip'), { recursive: true });
    await writeFile(join(homeDir, 'ca.pem'), 'CERTIFICATE');
    await writeFile(
      join(homeDir, '.npmrc'),
      [
        '; comment',
        'registry = https://mirror.example/npm',
        '@own:registry=https://own.example/',
        '//own.example/:_authToken=${OWN_TOKEN}',
        '//mirror.example/npm/:username=me',
        `//mirror.example/npm/:_password=${Buffer.from('pw').toString('base64')}`,
        `cafile=${homeDir}/ca.pem`,
      ].join('\n'),
    );
    await writeFile(
      join(homeDir, '.config', 'pip', 'pip.conf'),
      '[global]\nindex-url = https://user:p%40ss@pip.example/simple\n[install]\nextra-index-url =\n    https://a.example/simple\n    https://b.example/simple\n',
    );
    const indexes = await readPackageIndexes({
      homeDir,
      systemDir: homeDir,
      env: { OWN_TOKEN: 'tok', PIP_FIND_LINKS: '/opt/wheels https://links.example' },
    });
    const defaults = await readPackageIndexes({ homeDir: join(homeDir, 'nobody'), systemDir: homeDir, env: {} });
    await fixture.close();

    expect(indexes).toEqual({
      npm: { registry: 'https://mirror.example/npm/', scopes: { '@own': 'https://own.example/' } },
      pip: {
        indexUrl: 'https://pip.example/simple',
        extraIndexUrls: ['https://a.example/simple', 'https://b.example/simple'],
        findLinks: ['/opt/wheels'],
      },
      fileOrigins: [],
      credentials: [
        { urlPrefix: 'https://own.example/', authorization: 'Bearer tok' },
        { urlPrefix: 'http://own.example/', authorization: 'Bearer tok' },
        { urlPrefix: 'https://mirror.example/npm/', authorization: `Basic ${Buffer.from('me:pw').toString('base64')}` },
        { urlPrefix: 'http://mirror.example/npm/', authorization: `Basic ${Buffer.from('me:pw').toString('base64')}` },
        { urlPrefix: 'https://pip.example/', authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` },
      ],
      extraCa: 'CERTIFICATE\n',
    });
    expect(defaults.npm.registry).toBe('https://registry.npmjs.org/');
    expect(defaults.fileOrigins).toEqual(['https://files.pythonhosted.org']);
  });
});
