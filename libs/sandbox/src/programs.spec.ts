import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxHost } from './host.js';
import type { SandboxBundle } from './job.js';
import { job, observe, type SandboxFixture, sandboxFixture } from './sandbox-fixture.js';

const files = {
  'sum.mjs': `
    export default async (input, ctx) => {
      console.log('adding', input.numbers.length);
      ctx.log.warn('careful', { n: 1 });
      return { sum: input.numbers.reduce((a, b) => a + b, 0), ctx: { ...ctx, signal: undefined, log: undefined, artifact: undefined, secrets: { ...ctx.secrets } } };
    };
    export const named = (input) => input.toUpperCase();
    export const nothing = () => {};
    export const big = () => 10n;
    export const inner = () => ({ list: [1, () => 2] });
    export const cycle = () => { const a = {}; a.a = a; return a; };
    export const fail = () => { throw Object.assign(new RangeError('no such city'), { retryable: false, code: 'E_CITY' }); };
    export const later = () => new Promise((_, reject) => setTimeout(() => { throw new Error('late'); }, 5));
    export const forever = () => new Promise(() => {});
    export const quit = () => process.exit(3);
    export const quitWell = () => process.exit(0);
    export const variables = () => ({ city: process.env.CITY, secret: process.env.TOKEN ?? null, names: Object.keys(process.env).sort() });
    export const huge = () => 'x'.repeat(200_000);
  `,
  'old.cjs': `module.exports = (input) => ({ old: input });`,
  'mapped.mjs': [
    'export default () => { throw new Error("mapped"); };',
    '//# sourceMappingURL=data:application/json;base64,' +
      Buffer.from(
        JSON.stringify({ version: 3, sources: ['mapped.ts'], names: [], mappings: 'AASA', sourcesContent: ['\n'] }),
      ).toString('base64'),
  ].join('\n'),
  'task.py': `
import os, sys
def main(input, ctx):
    print("adding", len(input["numbers"]))
    ctx.artifact("notes/a.txt", "text")
    return {"sum": sum(input["numbers"]), "float": input["float"], "big": input["big"], "params": ctx.params, "run": ctx.run["id"],
            "map_index": ctx.map_index, "secret": ctx.secrets["TOKEN"], "in_env": "TOKEN" in os.environ, "city": os.environ.get("CITY")}
def fail(input, ctx):
    raise KeyError("city")
async def later(input, ctx):
    import asyncio
    await asyncio.sleep(0.01)
    return "later"
def not_json(input, ctx):
    return {1, 2}
def nan(input, ctx):
    return float("nan")
def leave(input, ctx):
    sys.exit(4)
def module_name(input, ctx):
    import helper
    return helper.NAME
`,
  'helper.py': 'NAME = "helper"\n',
  'run.sh': 'echo from a file\necho 42 > "$MILLRACE_OUTPUT"\n',
};

describe('a program in a sandbox', () => {
  let fixture: SandboxFixture;
  let host: SandboxHost;
  let bundle: SandboxBundle;
  const node = (name?: string) => ({
    kind: 'node' as const,
    entry: '/bundle/sum.mjs',
    ...(name ? { export: name } : {}),
  });
  const python = (name: string) => ({ kind: 'python' as const, entry: '/bundle/task.py', function: name });
  const shell = (script: string) => ({ kind: 'shell' as const, script });

  beforeAll(async () => {
    fixture = await sandboxFixture();
    host = await fixture.host();
    bundle = await fixture.bundle(files);
  });
  afterAll(() => fixture.close());

  describe('with JavaScript', () => {
    it('hands input and context over and takes result, log and usage', async () => {
      const { result, output, stdout, stderr } = await observe(host, node(), {
        bundle,
        inputJson: '{"numbers":[1,2,3.5]}',
        context: {
          runId: 'run_7',
          taskId: 'add',
          mapIndex: 2,
          attempt: 3,
          try: 2,
          paramsJson: '{"day":"monday"}',
          run: { pipeline: 'p' },
        },
        secrets: { TOKEN: 'shh' },
      });

      expect(output).toEqual({
        sum: 6.5,
        ctx: {
          run: { id: 'run_7', pipeline: 'p' },
          task: { id: 'add' },
          mapIndex: 2,
          attempt: 3,
          try: 2,
          params: { day: 'monday' },
          secrets: { TOKEN: 'shh' },
          connections: {},
        },
      });
      expect(stdout).toBe('adding 3\n');
      expect(stderr).toBe('warning: careful {"n":1}\n');
      expect(result.outcome).toBe('succeeded');
      expect(result.usage.peakRssBytes).toBeGreaterThan(10_000_000);
      expect(result.endedAtMs).toBeGreaterThanOrEqual(result.startedAtMs);
    });

    it('calls named exports and CommonJS, and takes undefined for null', async () => {
      const named = await observe(host, node('named'), { bundle, inputJson: '"abc"' });
      const old = await observe(host, { kind: 'node', entry: '/bundle/old.cjs' }, { bundle, inputJson: '5' });
      const nothing = await observe(host, node('nothing'), { bundle });

      expect([named.output, old.output, nothing.output]).toEqual(['ABC', { old: 5 }, null]);
    });

    it('says what is wrong with a result that is not JSON', async () => {
      const ends = await Promise.all(['big', 'inner', 'cycle'].map((name) => observe(host, node(name), { bundle })));

      for (const { result } of ends) expect(result.error).toMatchObject({ code: 'output.not_json', retryable: false });
      expect(ends[1]?.result.error?.message).toContain('a function at "1"');
      expect(ends[2]?.result.error?.message).toContain('circular');
    });

    it('reports exceptions with their name, code, stack and whether a repeat can help', async () => {
      const { result } = await observe(host, node('fail'), { bundle });

      expect(result).toMatchObject({
        outcome: 'failed',
        error: { name: 'RangeError', message: 'no such city', code: 'E_CITY', retryable: false },
      });
      expect(result.error?.stack).toContain('/bundle/sum.mjs');
    });

    it('names the place in the source that was compiled', async () => {
      const { result } = await observe(host, { kind: 'node', entry: '/bundle/mapped.mjs' }, { bundle });

      expect(result.error?.stack).toContain('mapped.ts');
    });

    it('notices exceptions outside of the function, promises that never settle, and process.exit', async () => {
      const [late, forever, quit, quitWell] = await Promise.all(
        ['later', 'forever', 'quit', 'quitWell'].map((name) => observe(host, node(name), { bundle })),
      );

      expect(late?.result.error?.message).toBe('late');
      expect(forever?.result.error?.code).toBe('task.never_settled');
      expect(quit?.result).toMatchObject({ outcome: 'failed', exitCode: 3 });
      expect(quitWell?.result).toMatchObject({ outcome: 'succeeded', outputJson: 'null' });
    });

    it('names the exports where the one that was asked for is not there', async () => {
      const { result } = await observe(host, node('missing'), { bundle });

      expect(result.error?.message).toMatch(/exports no function "missing"; it exports .*named/);
    });

    it('puts declared variables into the environment, and secrets nowhere but into ctx', async () => {
      const { output } = await observe(host, node('variables'), {
        bundle,
        env: { CITY: 'Bern' },
        secrets: { TOKEN: 'shh' },
      });

      expect(output).toMatchObject({ city: 'Bern', secret: null });
      const { names } = output as { names: string[] };
      const own = names.filter((name) => !/proxy/i.test(name) && name !== 'PWD');
      expect(own).toEqual(['CITY', 'HOME', 'LANG', 'MILLRACE', 'PATH', 'TMPDIR', 'TZ']);
    });

    it('refuses an output over its limit', async () => {
      const { result } = await observe(host, node('huge'), { bundle, limits: { outputBytes: 100_000 } });

      expect(result).toMatchObject({ outcome: 'output_too_large', error: { retryable: false } });
      expect(result.error?.message).toBe('the output has 200002 bytes; the limit is 100000');
    });
  });

  describe('with Python', () => {
    it('keeps numbers as they are and secrets out of the environment', async () => {
      const { result, stdout } = await observe(host, python('main'), {
        bundle,
        inputJson: '{"numbers":[1,2],"float":2.0,"big":123456789012345678901234567890}',
        context: { runId: 'run_7', taskId: 'add', mapIndex: 0, attempt: 1, paramsJson: '{"rate":1.0}' },
        env: { CITY: 'Zürich' },
        secrets: { TOKEN: 'shh' },
      });

      expect(result.outputJson).toBe(
        '{"sum":3,"float":2.0,"big":123456789012345678901234567890,"params":{"rate":1.0},"run":"run_7","map_index":0,"secret":"shh","in_env":false,"city":"Zürich"}',
      );
      expect(stdout).toBe('adding 2\n');
      expect(result.artifacts).toMatchObject([
        { name: 'notes/a.txt', sizeBytes: 4, contentType: 'text/plain; charset=utf-8' },
      ]);
    });

    it('reports exceptions with the task’s own frames, and sys.exit', async () => {
      const failed = await observe(host, python('fail'), { bundle });
      const left = await observe(host, python('leave'), { bundle });

      expect(failed.result).toMatchObject({ outcome: 'failed', error: { name: 'KeyError', message: "'city'" } });
      expect(failed.result.error?.stack).toContain('File "/bundle/task.py", line');
      expect(failed.result.error?.stack).not.toContain('bootstrap');
      expect(failed.stderr).toContain('KeyError');
      expect(left.result).toMatchObject({ outcome: 'failed', exitCode: 4 });
    });

    it('awaits coroutines, imports the bundle’s modules and refuses what is not JSON', async () => {
      const later = await observe(host, python('later'), { bundle });
      const imported = await observe(host, python('module_name'), { bundle });
      const set = await observe(host, python('not_json'), { bundle });
      const nan = await observe(host, python('nan'), { bundle });
      const missing = await observe(host, python('missing'), { bundle });

      expect([later.output, imported.output]).toEqual(['later', 'helper']);
      expect(set.result.error).toMatchObject({ code: 'output.not_json', retryable: false });
      expect(nan.result.error?.code).toBe('output.not_json');
      expect(missing.result.error?.message).toMatch(/has no function 'missing'; it has .*main/);
    });
  });

  describe('with a shell script', () => {
    it('gives input, parameters, secrets and connections by environment and takes the output file', async () => {
      const script = `
        cp "$MILLRACE_INPUT" "$MILLRACE_OUTPUT"
        echo "$MILLRACE_PARAM_DAY $MILLRACE_RUN_ID $TOKEN $CITY"
        echo "\${MILLRACE_CONNECTION_WAREHOUSE%%:*} \${MILLRACE_CONNECTION_WAREHOUSE##*/}"
        mkdir -p "$MILLRACE_ARTIFACTS/deep"; printf '<p>' > "$MILLRACE_ARTIFACTS/deep/page.html"`;
      const { result, stdout } = await observe(host, shell(script), {
        inputJson: '{"exact": 2.0}',
        context: { runId: 'run_7', taskId: 't', mapIndex: null, attempt: 1, paramsJson: '{"day":"monday"}' },
        env: { CITY: 'Bern' },
        secrets: { TOKEN: 'shh' },
        connections: [
          {
            name: 'warehouse',
            type: 'postgres',
            host: 'db.example',
            port: 5432,
            user: 'u',
            password: 'p',
            database: 'sales',
          },
        ],
      });

      expect(result.outputJson).toBe('{"exact": 2.0}');
      expect(stdout).toBe('monday run_7 shh Bern\npostgres sales\n');
      expect(result.artifacts).toMatchObject([{ name: 'deep/page.html', contentType: 'text/html; charset=utf-8' }]);
      expect(readFileSync(result.artifacts[0]?.path ?? '', 'utf8')).toBe('<p>');
    });

    it('takes plain text for a JSON string, no file for null, and runs a file of the bundle', async () => {
      const text = await observe(host, shell('echo plain "text" > $MILLRACE_OUTPUT'));
      const none = await observe(host, shell(':'));
      const file = await observe(host, { kind: 'shell', file: '/bundle/run.sh', shell: 'bash' }, { bundle });

      expect([text.output, none.output, file.output]).toEqual(['plain text', null, 42]);
      expect(file.stdout).toBe('from a file\n');
    });

    it('stops at the first failing command and reports the exit code', async () => {
      const { result, stdout } = await observe(host, shell('echo one; false; echo two'));
      const unset = await observe(host, shell('echo $NOT_SET'));

      expect(result).toMatchObject({
        outcome: 'failed',
        exitCode: 1,
        error: { message: 'the script ended with exit code 1' },
      });
      expect(stdout).toBe('one\n');
      expect(unset.result.outcome).toBe('failed');
    });
  });

  describe('with artifacts', () => {
    it('leaves out links and refuses more bytes than the limit', async () => {
      const link = await observe(
        host,
        shell('ln -s /etc/passwd "$MILLRACE_ARTIFACTS/p"; echo a > "$MILLRACE_ARTIFACTS/a.csv"'),
      );
      const large = await observe(host, shell('head -c 5000 /dev/zero > "$MILLRACE_ARTIFACTS/z"'), {
        limits: { artifactBytes: 4000 },
      });

      expect(link.result.artifacts.map((artifact) => artifact.name)).toEqual(['a.csv']);
      expect(link.stderr).toContain('artifact p was left out');
      expect(large.result).toMatchObject({
        outcome: 'failed',
        error: { code: 'artifact.too_large', retryable: false },
      });
    });

    it('collects those of a failed task too, and deletes them on release', async () => {
      const execution = host.execute(job(shell('echo a > "$MILLRACE_ARTIFACTS/a.txt"; exit 1')));
      const { outcome, artifacts } = await execution.done;
      const path = artifacts[0]?.path ?? '';
      const kept = readFileSync(path, 'utf8');
      await execution.release();

      expect(outcome).toBe('failed');
      expect(kept).toBe('a\n');
      expect(() => readFileSync(path)).toThrow('ENOENT');
    });
  });
});
