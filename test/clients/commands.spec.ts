import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpClient } from '@millrace/clients';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProcess } from '../isolation/api-process.js';
import { signUpWithKey } from '../platform/organization.js';

const program = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

/** Commands that need the API alone. */
describe('the command line for an organization', () => {
  let database: TestDatabase;
  let api: ApiProcess;
  let client: HttpClient;
  let key: string;
  let home: string;

  beforeAll(async () => {
    [database, home] = await Promise.all([testDatabase(), mkdtemp(join(tmpdir(), 'millrace-commands-'))]);
    api = await ApiProcess.start(database);
    ({ client, key } = await signUpWithKey(api.url, 'acme'));
    await asSuper(database.superuserUrl, 'update users set email_verified_at = now()');
  }, 60_000);

  afterAll(async () => {
    await api?.stop();
    await database?.drop();
    await rm(home, { recursive: true, force: true });
  });

  const millrace = (...args: readonly string[]) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      XDG_CONFIG_HOME: home,
      MILLRACE_URL: api.url,
      MILLRACE_API_KEY: key,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const json = <T>(...args: readonly string[]): T => {
    const { status, stdout, stderr } = millrace(...args, '--json');
    if (status !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };

  it('makes keys that are shown once, rotates and revokes them', async () => {
    const made = millrace(
      'keys',
      'create',
      'ci',
      '--scope',
      'read',
      'deploy',
      '--bind',
      'production',
      '--expires',
      '30d',
    );
    expect(made.stdout.trim()).toMatch(/^mr_live_/);
    expect(made.stderr).toContain('shown this once');
    const rotated = json<{ id: string; key: string; scopes: string[] }>('keys', 'rotate', 'ci');
    expect(rotated.scopes).toEqual(['read', 'deploy']);
    expect(await client.withToken(rotated.key).get('/v1/me')).toMatchObject({ kind: 'apiKey' });
    const known = json<{ data: { id: string }[] }>('keys', 'list', '--all').data;
    expect(JSON.stringify(known)).not.toContain(rotated.key);
    const { id } = rotated;
    expect(known.some((each) => each.id === id)).toBe(true);
    expect(millrace('keys', 'revoke', id, '--quiet')).toMatchObject({ status: 0, stdout: `${id}\n` });
    await expect(client.withToken(rotated.key).get('/v1/me')).rejects.toMatchObject({ status: 401 });
    expect(millrace('keys', 'revoke', 'nobody').status).toBe(4);
    expect(millrace('keys', 'create', 'x', '--expires', '2001-01-01').status).toBe(2);
  });

  it('invites, lists and changes members', () => {
    const { link, role } = json<{ link: string; role: string }>(
      'members',
      'invite',
      'vic@acme.example',
      '--role',
      'editor',
    );
    expect([role, new URL(link).hash.length > 10]).toEqual(['editor', true]);
    expect(millrace('members', 'invitations').stdout).toContain('vic@acme.example');
    expect(millrace('members', 'uninvite', 'VIC@acme.example').status).toBe(0);
    expect(millrace('members').stdout).toMatch(/somebody@acme\.example +Somebody +owner/);
    // Nobody but an owner, in person, takes the role of one.
    expect(millrace('members', 'role', 'somebody@acme.example', 'viewer').status).toBe(3);
    expect(millrace('members', 'rm', 'nobody@acme.example').status).toBe(4);
  });

  it('makes, renames and deletes environments', () => {
    expect(millrace('environments', 'create', 'staging', '--quiet').stdout).toBe('staging\n');
    expect(json<{ name: string }>('environments', 'rename', 'staging', 'The Stage').name).toBe('The Stage');
    expect(millrace('environments').stdout).toMatch(/staging +The Stage +default/);
    expect(millrace('environments', 'rm', 'staging').status).toBe(0);
    const refused = millrace('environments', 'rm', 'production');
    expect([refused.status, refused.stderr]).toEqual([6, expect.stringContaining('environment.is_default')]);
  });

  it('makes webhooks, tests and rotates them, and lists what was sent', () => {
    const { stdout, stderr } = millrace('webhooks', 'create', 'ops', 'https://hooks.example/ops');
    expect([stdout.trim(), stderr]).toEqual([
      expect.stringMatching(/^whsec_/) as string,
      expect.stringContaining('shown this once') as string,
    ]);
    expect(json<{ secret: string }>('webhooks', 'rotate', 'ops').secret).not.toBe(stdout.trim());
    const sent = json<{ id: string }>('webhooks', 'test', 'ops');
    expect(json<{ data: unknown[] }>('webhooks', 'deliveries', 'ops').data).toMatchObject([
      { id: sent.id, type: 'webhook.test', state: 'pending' },
    ]);
    expect(millrace('webhooks', 'disable', 'ops').stdout).toContain('ops is off');
    expect(millrace('webhooks').stdout).toMatch(/ops +off +standard/);
    expect(millrace('webhooks', 'enable', 'ops').stdout).toContain('ops is on');
    expect(millrace('webhooks', 'rm', 'ops').status).toBe(0);
    expect(millrace('webhooks', 'test', 'ops').status).toBe(4);
  });

  it('completes names, and says nothing where there are none to be had', async () => {
    const tasks = { load: { type: 'shell', script: 'true' } };
    await client.post('/v1/deployments', { pipelines: [{ pipeline: 'nightly', tasks }] });
    const run = await client.post<{ id: string }>('/v1/pipelines/nightly/runs', { params: {} });
    await client.raw('PUT', '/v1/secrets/TOKEN', { json: { value: 'x' } });
    const completed = (...words: readonly string[]): string => millrace('complete', '--', ...words).stdout;

    expect(completed('run', 'ni')).toContain('nightly');
    expect(completed('runs', 'show', '')).toContain(run.id);
    expect(completed('logs', run.id.slice(0, 6))).toContain(run.id);
    expect(completed('secrets', 'rm', '')).toContain('TOKEN');
    expect(completed('runs', 'list', '--pipeline', '')).toContain('nightly');
    expect(completed('environments', 'rename', '')).toContain('production');
    expect(completed('environments', 'create', '')).not.toContain('production');
    expect(completed('pools', 'runners', 'd')).toContain('default');
    expect(completed('runs', '')).toContain('timeline');
    const env = { PATH: process.env['PATH'] ?? '', XDG_CONFIG_HOME: home };
    const unknown = spawnSync(process.execPath, [program, 'complete', '--', 'run', ''], { env, encoding: 'utf8' });
    expect([unknown.status, unknown.stderr, unknown.stdout]).toEqual([0, '', ':4\n']);
  });
});
