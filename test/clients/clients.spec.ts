import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HttpClient } from '@millrace/clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';
import { CommandLine, installPackage } from './command-line.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);
const password = 'a long enough password for a test';

interface RunView {
  readonly id: string;
  readonly state: string;
}

let platform: Platform;
let folder: string;
let millrace: CommandLine;
let acme: HttpClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'));
  platform = await Platform.start({ root, egressOpen: [] });
  [acme, millrace] = await Promise.all([signUp(platform.url, 'acme'), CommandLine.install(platform.url, folder)]);
}, 300_000);

afterAll(async () => {
  await platform.remove();
  await rm(folder, { recursive: true, force: true });
});

function logIn(cli: CommandLine, email = 'somebody@acme.example', word = password) {
  return cli.run(['login', '--url', platform.url, '--email', email], { stdin: `${word}\n` });
}

describe('millrace, installed from the platform', () => {
  it('says its version and what it can do', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'apps/cli/package.json'), 'utf8')) as { version: string };

    expect((await millrace.run(['--version'])).stdout.trim()).toBe(version);
    expect((await millrace.run(['--help'])).stdout).toContain('Exit codes:');
    expect(await millrace.run(['nothing'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing') });
    expect((await millrace.run(['completion', 'bash'])).stdout).toContain('complete -F');
    expect((await millrace.run(['complete', '--', 'runs', ''])).stdout).toContain('watch');
  });

  it('logs in with a password, keeps the key to itself, and revokes it when it logs out', async () => {
    expect(await millrace.run(['whoami'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('millrace login'),
    });
    expect(await logIn(millrace, 'somebody@acme.example', 'wrong')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('auth.invalid_credentials'),
    });
    expect(await logIn(millrace)).toMatchObject({ code: 0, stdout: expect.stringContaining('acme') });
    expect((await stat(millrace.credentialsFile)).mode & 0o777).toBe(0o600);
    expect(await millrace.json(['whoami'])).toMatchObject({ organization: { slug: 'acme' }, kind: 'apiKey' });

    const visitor = millrace.withHome(join(folder, 'visitor'));
    await logIn(visitor);
    const { profiles } = JSON.parse(await readFile(visitor.credentialsFile, 'utf8')) as {
      profiles: { default: { apiKey: string } };
    };
    expect((await visitor.run(['logout'])).code).toBe(0);
    const environment = { MILLRACE_API_KEY: profiles.default.apiKey, MILLRACE_URL: platform.url };
    expect(await visitor.run(['whoami'], { environment })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('expired or revoked'),
    });
  });

  it('asks for what it needs on a terminal, and shows no password', async () => {
    const visitor = millrace.withHome(join(folder, 'typist'));
    const script = [
      ['E-mail: ', 'somebody@acme.example\r'],
      ['Password: ', `${password}\r`],
    ] as const;

    const { code, stdout } = await visitor.onTerminal(script, ['login', '--url', platform.url]);

    expect(stdout).toContain('Logged in to');
    expect(stdout).not.toContain('long enough');
    expect(code).toBe(0);
  });

  it.each(['yaml', 'sdk'] as const)('makes a project in %s that passes, deploys and runs', async (kind) => {
    const project = join(folder, kind);
    await millrace.run(['init', project, ...(kind === 'sdk' ? ['--sdk'] : [])]);

    expect(await millrace.json(['validate'], { folder: project })).toMatchObject({ valid: true });
    expect(await millrace.run(['test'], { folder: project })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 cases passed'),
    });
    expect(await millrace.run(['push', '--dry-run'], { folder: project })).toMatchObject({ code: 0 });
    const pushed = await millrace.json<{ versions: { isNew: boolean }[] }>(['push', '-m', kind], { folder: project });
    expect(pushed).toMatchObject({ state: 'ready', message: kind, versions: [{ pipeline: 'hello', isNew: true }] });

    const watched = await millrace.run(['run', 'hello', '--watch', '--param', 'names:=["Ada","Grace"]']);
    expect(watched).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/greet running: 2 instances[\s\S]*succeeded in/),
    });
    const [run = ''] = (await millrace.run(['runs', '--quiet', '--pipeline', 'hello', '--limit', '1'])).stdout.split(
      '\n',
    );
    expect((await millrace.run(['runs', 'outputs', run, 'report'])).stdout).toBe(
      '{"count":2,"text":"Hello, Ada! Hello, Grace!"}\n',
    );
    for (const flags of [[], ['--follow']]) {
      const { stdout } = await millrace.run(['logs', run, ...flags]);
      expect(stdout.trim().split('\n').sort()).toEqual(['greet[0] | greeting Ada', 'greet[1] | greeting Grace']);
    }
    expect((await millrace.run(['cost', run, '--quiet'])).stdout).toMatch(/^0\.000\d*[1-9]\d*\n$/);
    expect(await millrace.json(['usage', '--by', 'pipeline'])).toMatchObject({ data: [{ name: 'hello' }] });
  });

  it('shows what a push would change, goes back, and carries it to another environment', async () => {
    const project = join(folder, 'yaml');
    await acme.post('/v1/environments', { slug: 'staging' });
    const source = await readFile(join(project, 'src/greet.ts'), 'utf8');
    await writeFile(join(project, 'src/greet.ts'), source.replace('Hello,', 'Good day,'));

    expect(await millrace.run(['diff', '--exit-code'], { folder: project })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('~ task greet  its code'),
    });
    await millrace.run(['push'], { folder: project });
    expect(await millrace.run(['diff', '--exit-code'], { folder: project })).toMatchObject({ code: 0 });
    expect(await millrace.run(['promote', 'staging'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('hello is at v1 in staging'),
    });
    expect(await millrace.run(['diff', 'production', 'staging'])).toMatchObject({ stdout: 'Nothing differs.\n' });
    expect((await millrace.run(['rollback', 'hello'])).stdout).toMatch(/^hello is at v\d+/);
    expect(await millrace.run(['diff', 'production', 'staging', '--quiet'])).toMatchObject({ stdout: 'hello\n' });
  });

  it('shows where a bundle is wrong, here and from the platform', async () => {
    const project = join(folder, 'wrong');
    await mkdir(join(project, 'pipelines'), { recursive: true });
    await writeFile(
      join(project, 'pipelines/bad.yaml'),
      'pipeline: bad\ntasks:\n  a:\n    type: shell\n    scrip: ls\n',
    );

    for (const command of ['validate', 'push']) {
      const { code, stdout } = await millrace.run([command], { folder: project });
      expect(code).toBe(5);
      expect(stdout).toContain('pipelines/bad.yaml:5:5: error pipeline.unknown_field');
      expect(stdout).toContain('5 |     scrip: ls\n    |     ^');
      expect(stdout).toContain('hint: did you mean "script"?');
    }
    expect(await millrace.run(['push', '--json'], { folder: project })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('"file":"pipelines/bad.yaml","line":5'),
    });
  });

  it('ends with 1 where the run failed, and says of what', async () => {
    await deploy(acme, 'failing', "export default () => { throw new Error('no such luck'); }");

    const { code, stdout } = await millrace.run(['run', 'failing', '--watch']);

    expect(code).toBe(1);
    expect(stdout).toContain('Error: no such luck');
    expect(await millrace.run(['run', 'failing', '--param', 'n:=1'])).toMatchObject({ code: 0 });
    expect(await millrace.run(['run', 'missing'])).toMatchObject({ code: 4 });
  });

  it('gives params the types that the pipeline declares, and every digit of a file', async () => {
    const properties = { zip: { type: 'string' }, n: { type: 'number' }, big: { type: 'integer' } };
    await deploy(acme, 'typed', 'export default (input) => input;', { properties });
    await writeFile(join(folder, 'params.json'), '{"big": 12345678901234567890, "n": 1}');
    const args = ['run', 'typed', '--watch', '--quiet', '--params', join(folder, 'params.json')];

    const id = (await millrace.run([...args, '--param', 'zip=02139'])).stdout.trim();

    const params = await (await acme.raw('GET', `/v1/runs/${id}/params`)).text();
    expect(params.replaceAll(/\s/g, '')).toBe('{"big":12345678901234567890,"n":1,"zip":"02139"}');
    expect(await millrace.run(['run', 'typed', '--param', 'n=many'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('/params/n'),
    });
  });

  it('leaves a watched run alone at the first Ctrl-C and cancels it at the second', async () => {
    await deploy(acme, 'endless', 'export default () => new Promise((resolve) => setTimeout(resolve, 600_000, 1));');

    const left = await millrace.run(['run', 'endless', '--watch', '--json'], { interruptAt: '"state":"running"' });
    expect(left.code).toBe(130);
    const [event = '{}'] = left.stdout.split('\n');
    expect(JSON.parse(event)).toMatchObject({ state: 'queued' });
    const { data } = await millrace.json<{ data: RunView[] }>(['runs', '--pipeline', 'endless']);
    expect(data).toMatchObject([{ state: 'running' }]);
    await millrace.run(['cancel', data[0]?.id ?? '']);

    const script = [
      ['● only', '\u0003'],
      ['again to cancel', '\u0003'],
    ] as const;
    const cancelled = await millrace.onTerminal(script, ['run', 'endless', '--watch']);
    expect(cancelled).toMatchObject({ code: 1, stdout: expect.stringContaining('cancelled') });
    const { data: after } = await millrace.json<{ data: RunView[] }>(['runs', '--state', 'cancelled']);
    expect(after).toHaveLength(2);
  });

  it('takes secrets from the standard input only and never shows one', async () => {
    expect((await millrace.run(['secrets', 'set', 'TOKEN'], { stdin: 'hidden\n' })).code).toBe(0);
    expect(await millrace.run(['secrets', 'set', 'TOKEN', 'hidden'])).toMatchObject({ code: 2 });
    expect(await millrace.json(['secrets', 'list'])).toMatchObject({ data: [{ name: 'TOKEN', version: 1 }] });
    expect((await millrace.run(['secrets'])).stdout).not.toContain('hidden');
    await millrace.run(['variables', 'set', 'REGION', 'north']);
    expect((await millrace.run(['variables'])).stdout).toContain('north');
    expect((await millrace.run(['secrets', 'rm', 'TOKEN'])).code).toBe(0);
    expect(await millrace.json(['secrets', 'list'])).toEqual({ data: [] });
  });

  it('prints a huge log to whoever reads a part of it', async () => {
    await deploy(
      acme,
      'talkative',
      "export default () => { for (let i = 1; i <= 30_000; i += 1) console.log('line ' + i); }",
    );
    const id = (await millrace.run(['run', 'talkative', '--watch', '--quiet'])).stdout.trim();

    const all = (await millrace.run(['logs', id, 'only'])).stdout.trimEnd().split('\n');
    expect(all).toHaveLength(30_000);
    expect((await millrace.run(['logs', id, 'only', '--tail', '2'])).stdout).toBe('line 29999\nline 30000\n');
    const program = join(folder, 'prefix/bin/millrace');
    const { stdout } = await execute('bash', ['-c', `set -o pipefail; "${program}" logs ${id} only | head -1`], {
      env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'home') },
    });
    expect(stdout).toBe('line 1\n');
  });

  it("knows nothing of another organization's, and says when nobody answers", async () => {
    const { data } = await millrace.json<{ data: RunView[] }>(['runs', '--limit', '1']);
    const id = data[0]?.id ?? '';
    await signUp(platform.url, 'globex');
    const stranger = millrace.withHome(join(folder, 'stranger'));
    await logIn(stranger, 'somebody@globex.example');

    for (const command of [
      ['runs', 'show'],
      ['logs'],
      ['logs', '--follow'],
      ['cost'],
      ['cancel'],
      ['runs', 'outputs'],
      ['runs', 'watch'],
    ]) {
      const refused = await stranger.run([...command, id, '--json']);
      expect(refused, command.join(' ')).toMatchObject({ code: 4, stdout: '' });
      expect(JSON.parse(refused.stderr)).toMatchObject({
        error: { code: 'run.not_found', requestId: expect.any(String) },
      });
    }
    const environment = { MILLRACE_URL: 'http://127.0.0.1:9', MILLRACE_API_KEY: 'none' };
    expect(await millrace.run(['runs'], { environment })).toMatchObject({ code: 7 });
  });
});

describe('the clients, installed from the platform', () => {
  const outcome = (name: string) => ({
    run: expect.stringMatching(/^run_/),
    version: 1,
    states: ['queued', 'running', 'succeeded'],
    lines: [`hello ${name}`],
    listed: [expect.stringMatching(/^run_/)],
    usd: expect.stringMatching(/^0\.0\d*[1-9]/),
  });

  it('goes the whole way in TypeScript, checked by the compiler', async () => {
    const project = join(folder, 'typescript');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
    await installPackage([], `${platform.url}/downloads/millrace-client.tgz`, project);
    const source = await readFile(fileURLToPath(new URL('smoke.ts.txt', import.meta.url)), 'utf8');
    await writeFile(join(project, 'smoke.ts'), source);
    const types = join(root, 'node_modules/@types');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--typeRoots', types];
    await execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'smoke.ts'], {
      cwd: project,
    }).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout);
    });

    const { stdout } = await execute(process.execPath, ['smoke.js', platform.url, 'typescript'], { cwd: project });

    expect(JSON.parse(stdout)).toMatchObject({ ...outcome('TypeScript'), code: 'request.invalid_query' });
  });

  it('goes the whole way in Python', async () => {
    const environment = join(folder, 'venv');
    const [wheel = ''] = (await readdir(join(root, 'apps/cli/dist/downloads'))).filter((name) => name.endsWith('.whl'));
    await execute('python3', ['-m', 'venv', environment]);
    const pip = ['install', '--quiet', '--disable-pip-version-check', `${platform.url}/downloads/${wheel}`];
    await execute(join(environment, 'bin/pip'), pip);
    const program = fileURLToPath(new URL('smoke.py', import.meta.url));

    const { stdout } = await execute(join(environment, 'bin/python'), [program, platform.url, 'python'], {
      cwd: folder,
    });

    expect(JSON.parse(stdout)).toMatchObject({ ...outcome('Python'), code: 'run.not_found', later: 'succeeded' });
  });
});

/** A pipeline of one JavaScript task, `only`, whose input is the params. */
async function deploy(client: HttpClient, pipeline: string, code: string, params: object = {}): Promise<void> {
  const input = { ...Object.fromEntries(namesOf(params).map((name) => [name, `\${{ params.${name} }}`])) };
  const task = { type: 'node', entry: 'task.mjs', input };
  await client.post('/v1/deployments', {
    files: { 'task.mjs': code },
    pipelines: [{ pipeline, params: { type: 'object', ...params }, tasks: { only: task } }],
  });
}

function namesOf(params: object): string[] {
  return Object.keys((params as { properties?: object }).properties ?? {});
}
