/** Text of the program that calls one exported function, in a process of its own. */
export const childProgram = `
import { mkdirSync, writeFileSync, copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';

const say = (message) => new Promise((resolve) => process.send(message, undefined, undefined, resolve));
const line = (label) => (message, facts) => {
  const text = typeof message === 'string' ? message : inspect(message);
  process.stderr.write(label + text + (facts === undefined ? '' : ' ' + JSON.stringify(facts)) + '\\n');
};

process.once('message', async ({ entry, exported, input, context, artifacts }) => {
  const ctx = Object.freeze({
    ...context,
    log: { debug: line('debug: '), info: line(''), warn: line('warning: '), error: line('error: ') },
    artifact(name, data) {
      const path = join(artifacts, name);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof data === 'string' || data instanceof Uint8Array) writeFileSync(path, data);
      else copyFileSync(data.path, path);
    },
    signal: new AbortController().signal,
  });
  try {
    const module = await import(entry);
    const task = typeof module[exported] === 'function' ? module[exported] : module.default?.[exported];
    if (typeof task !== 'function') throw Object.assign(new Error('there is no exported function "' + exported + '"'), { retryable: false });
    const value = await task(JSON.parse(input), ctx);
    await say({ ok: true, output: value === undefined ? 'null' : JSON.stringify(value) });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { code, retryable } = error;
    await say({
      ok: false,
      message: error.message,
      stack: error.stack,
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof retryable === 'boolean' ? { retryable } : {}),
    });
  }
  process.exit(0);
});
`;
