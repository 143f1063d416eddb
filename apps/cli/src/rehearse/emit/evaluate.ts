import { fork } from 'node:child_process';
import { relative, sep } from 'node:path';
import type { ErrorDetail, JsonObject } from '@millrace/kernel';

export interface EvaluatedPipeline {
  readonly name: string;
  readonly definition: JsonObject;
  /** JSON Pointer -> place of the call; files are absolute. */
  readonly positions: Readonly<
    Record<string, { readonly file: string; readonly line: number; readonly column: number }>
  >;
}

export type Evaluation =
  | { readonly kind: 'evaluated'; readonly pipelines: readonly EvaluatedPipeline[] }
  | { readonly kind: 'failed'; readonly problem: ErrorDetail };

const timeoutMs = 30_000;

/** Runs the bundled file in a process of its own; the code is that of whoever runs this command. */
export function evaluate(program: string, root: string): Promise<Evaluation> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [], {
      cwd: root,
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let stderr = '';
    let isLate = false;
    let pipelines: readonly EvaluatedPipeline[] | undefined;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('message', (message) => {
      ({ pipelines } = message as { readonly pipelines: readonly EvaluatedPipeline[] });
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      if (pipelines !== undefined) resolve({ kind: 'evaluated', pipelines });
      else resolve({ kind: 'failed', problem: isLate ? tooSlow : thrown(stderr, root) });
    });
  });
}

const tooSlow: ErrorDetail = {
  code: 'sdk.too_slow',
  message: `the file was not evaluated within ${timeoutMs / 1000} s`,
  hint: 'a file that defines pipelines should only define them',
};

const sdkError = /PipelineError: (.+?):(\d+):(\d+): ([^\n]*)/;
const anyError = /^(?:Uncaught )?([A-Za-z]*Error[^\n]*)/m;
const frame = /at (?:.*?\()?(?:file:\/\/)?(\/[^()\n]*?):(\d+):(\d+)\)?/g;

/** What the process said last, as a problem at its place. */
function thrown(stderr: string, root: string): ErrorDetail {
  const own = sdkError.exec(stderr);
  if (own !== null) {
    const [, file = '', line = '', column = '', message = ''] = own;
    return { code: 'sdk.definition', message, file: inFolder(file, root), line: Number(line), column: Number(column) };
  }
  const message = anyError.exec(stderr)?.[1] ?? stderr.trim().slice(-500);
  for (const [, file = '', line = '', column = ''] of stderr.matchAll(frame)) {
    const path = inFolder(file, root);
    if (path.startsWith('..') || path.startsWith('node_modules/')) continue;
    return { code: 'sdk.evaluation', message, file: path, line: Number(line), column: Number(column) };
  }
  return { code: 'sdk.evaluation', message: message === '' ? 'the file ended without a word' : message };
}

function inFolder(file: string, root: string): string {
  return relative(root, file).split(sep).join('/');
}
