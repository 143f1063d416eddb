import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '@millrace/kernel';
import type { BundleFiles } from '@millrace/pipelines/compile';
import type { Answer, Call } from '../engine/answer.js';
import { childProgram } from './child-program.js';

/** What code may be given besides its input. */
export interface RealContext {
  readonly secrets: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface ChildEnd {
  readonly ok: boolean;
  readonly output?: string;
  readonly message?: string;
  readonly code?: string;
  readonly retryable?: boolean;
}

/** A task that hangs must not hang the tests: real time, not that of the run. */
const timeoutMs = 30_000;

/**
 * Runs the code of node tasks, each call in a process of its own, with the bundle as it would be mounted: sources,
 * compiled code beside them, installed packages. It is no sandbox; the code is that of whoever runs the tests.
 */
export class RealTasks {
  private laidOut: Promise<string> | undefined;

  constructor(
    private readonly folder: string,
    private readonly files: BundleFiles,
  ) {}

  async call(call: Call, { secrets, connections }: RealContext): Promise<Answer> {
    this.laidOut ??= this.layOut();
    const place = await this.laidOut;
    const { entry, export: exported } = call.fields as JsonObject & { readonly entry: string; readonly export: string };
    const end = await execute(join(place, 'millrace-call.mjs'), {
      entry: pathToFileURL(join(place, 'bundle', entry)).href,
      exported,
      input: call.inputText,
      artifacts: join(place, 'artifacts'),
      context: {
        run: { id: 'run_rehearsal' },
        task: { id: call.task },
        mapIndex: call.mapIndex < 0 ? null : call.mapIndex,
        attempt: call.attempt,
        try: call.try,
        params: call.params,
        secrets,
        connections: Object.fromEntries(Object.entries(connections).map(([name, one]) => [name, { name, ...one }])),
      },
    });
    if (end.ok) return { kind: 'output', text: end.output ?? 'null' };
    const { message = 'it ended without a word', code, retryable } = end;
    return {
      kind: 'error',
      message,
      ...(code === undefined ? {} : { code }),
      ...(retryable === undefined ? {} : { retryable }),
    };
  }

  async close(): Promise<void> {
    if (this.laidOut === undefined) return;
    await rm(await this.laidOut, { recursive: true, force: true });
  }

  /** Compiled code is written, everything else is linked: data beside it is found by its relative path. */
  private async layOut(): Promise<string> {
    const place = await realpath(await mkdtemp(join(tmpdir(), 'millrace-rehearse-')));
    await writeFile(join(place, 'millrace-call.mjs'), childProgram);
    for (const [path, bytes] of this.files) {
      const target = join(place, 'bundle', path);
      await mkdir(dirname(target), { recursive: true });
      const source = join(this.folder, path);
      if (existsSync(source)) await symlink(source, target);
      else await writeFile(target, bytes);
    }
    const packages = join(this.folder, 'node_modules');
    if (existsSync(packages)) await symlink(packages, join(place, 'bundle', 'node_modules'));
    return place;
  }
}

function execute(program: string, message: object): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [], {
      cwd: dirname(program),
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let end: ChildEnd | undefined;
    let stderr = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-4_000)));
    child.on('message', (said) => (end = said as ChildEnd));
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      const silent = isLate ? `it did not end within ${timeoutMs / 1000} s` : stderr.trim();
      resolve(end ?? { ok: false, message: silent, code: 'crashed' });
    });
    child.send(message, () => undefined);
  });
}
