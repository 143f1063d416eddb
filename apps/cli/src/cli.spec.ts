import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError } from '@millrace/clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli } from './cli.js';
import { readConfig } from './config.js';
import { type Failure, toFailure } from './failure.js';
import { dollars, duration } from './terminal/format.js';
import { time } from './terminal/options.js';
import { Output } from './terminal/output.js';
import { cut, forTerminal, noStyle, width } from './terminal/style.js';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

function makeCli(env: Record<string, string> = {}, options: { url?: string; profile?: string } = {}): Cli {
  const output = new Output(process.stdout, process.stderr, {
    json: false,
    quiet: true,
    style: noStyle,
    errorStyle: noStyle,
  });
  return new Cli(readConfig({ XDG_CONFIG_HOME: home, ...env }), options, output, process.stdin);
}

describe('the account', () => {
  it('is kept for its owner alone, one for each profile', async () => {
    const { credentials } = makeCli();
    await expect(makeCli().account()).rejects.toMatchObject({ code: 'cli.not_logged_in', outcome: 'unauthenticated' });

    await credentials.save('default', { url: 'https://a.example', apiKey: 'mr_live_a', organization: 'a' });
    await credentials.save('other', { url: 'https://b.example', apiKey: 'mr_live_b', organization: 'b' });

    expect((await stat(credentials.file)).mode & 0o777).toBe(0o600);
    expect((await makeCli().account()).apiKey).toBe('mr_live_a');
    expect((await makeCli({ MILLRACE_PROFILE: 'other' }).account()).apiKey).toBe('mr_live_b');
    await credentials.remove('other');
    await expect(makeCli({}, { profile: 'other' }).account()).rejects.toThrow('"other"');
  });

  it('never shows a stored key to another platform', async () => {
    await makeCli().credentials.save('default', { url: 'https://a.example', apiKey: 'mr_live_a', organization: 'a' });

    await expect(makeCli({}, { url: 'https://evil.example' }).account()).rejects.toMatchObject({
      code: 'cli.other_platform',
    });
    expect(await makeCli({ MILLRACE_URL: 'https://c.example', MILLRACE_API_KEY: 'mine' }).account()).toMatchObject({
      url: 'https://c.example',
      apiKey: 'mine',
    });
  });
});

describe('backup and restore', () => {
  const millrace = (folder: string, ...args: readonly string[]) => {
    const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it('are done by the checkout of the platform, which is found from its folders', async () => {
    const checkout = join(home, 'checkout');
    await mkdir(join(checkout, 'scripts'), { recursive: true });
    await mkdir(join(checkout, 'deep', 'er'), { recursive: true });
    await writeFile(join(checkout, 'package.json'), '{"name": "millrace", "scripts": {"backup": "x"}}');
    const script =
      'process.stdout.write(process.argv.slice(2).join(" ") + "\\n"); process.exit(Number(process.argv[2].at(-1)))';
    for (const name of ['backup', 'restore']) await writeFile(join(checkout, 'scripts', `${name}.mjs`), script);
    const deep = join(checkout, 'deep', 'er');

    expect(millrace(deep, 'backup', 'to0')).toMatchObject({ status: 0, stdout: `${join(deep, 'to0')}\n` });
    expect(millrace(home, 'restore', 'from0', '--master-key', 'key', '--checkout', checkout)).toMatchObject({
      status: 0,
      stdout: `${join(home, 'from0')} --master-key ${join(home, 'key')}\n`,
    });
    expect(millrace(deep, 'backup', 'to3').status).toBe(1);
    const { stdout, stderr } = millrace(deep, 'backup', 'to0', '--json');
    expect([JSON.parse(stdout), stderr]).toEqual([
      { command: 'backup', folder: join(deep, 'to0'), checkout },
      `${join(deep, 'to0')}\n`,
    ]);
  });

  it('say where they have to be run, elsewhere', () => {
    const refused = millrace(home, 'backup', 'to0');
    expect(refused.status).toBe(4);
    expect(refused.stderr).toMatch(/no installation of Millrace here[^]*run this on the machine that runs it/);
  });
});

it.each([
  [401, 3],
  [403, 3],
  [404, 4],
  [409, 6],
  [412, 6],
  [413, 5],
  [422, 5],
  [429, 6],
  [500, 7],
  [503, 7],
])('ends with the code of a refusal: %i is %i', (status, code) => {
  const error = new ApiError(status, 'some.code', 'no', { detail: 'no', requestId: 'req_1' }, false, undefined);

  expect(toFailure(error)).toMatchObject({ exitCode: code, code: 'some.code', requestId: 'req_1', message: 'no' });
});

it('tells a network failure by its lowest reason, and a bug from both', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });

  const failure = toFailure(new TypeError('fetch failed', { cause })) as Failure;

  expect(failure.exitCode).toBe(7);
  expect(failure.message).toContain('ECONNREFUSED');
  expect(toFailure(new RangeError('oops'))).toBeUndefined();
});

describe('texts for people', () => {
  it('keep colours of a log and drop what would change the terminal', () => {
    expect(forTerminal('\u001b[31mred\u001b[0m\u001b[2J\u001b]0;title\u0007 \u0007ok\tend\r')).toBe(
      '\u001b[31mred\u001b[0m ok\tend',
    );
    expect(width(cut('\u001b[31mabcdef\u001b[39m', 4))).toBe(4);
  });

  it('are short and exact', () => {
    expect([850, 12_340, 245_000, 12_000_000].map(duration)).toEqual(['850 ms', '12.3 s', '4 m 05 s', '3 h 20 m']);
    expect(['0.000464000', '12.000000000', '0.000000001'].map((usd) => dollars({ usd }))).toEqual([
      ...['$0.000464', '$12.00', '$0.000000001'],
    ]);
    expect(Math.abs(Date.parse(time('2h')) - (Date.now() - 7_200_000))).toBeLessThan(5_000);
    expect(() => time('yesterday')).toThrow('must be a time');
  });
});
