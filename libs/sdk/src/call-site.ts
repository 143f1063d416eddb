/** A place in a source file, 1-based. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const frame = /^\s*at (?:.*?\()?((?:file:\/\/)?[^()]*?):(\d+):(\d+)\)?$/;

/** Where the function `callee` was called from; undefined where the engine does not tell. */
export function callSiteOf(callee: (...args: never[]) => unknown): CallSite | undefined {
  const holder: { stack?: string } = {};
  // Cuts off every frame down to the callee's own, however the SDK itself was bundled.
  Error.captureStackTrace(holder, callee);
  for (const line of (holder.stack ?? '').split('\n').slice(1)) {
    const match = frame.exec(line);
    if (match === null) continue;
    const [, file = '', at = '', column = ''] = match;
    return { file: toPath(file), line: Number(at), column: Number(column) };
  }
  return undefined;
}

function toPath(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file;
}

/** A mistake in the use of the SDK that only shows when the file is evaluated. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  constructor(
    message: string,
    readonly at: CallSite | undefined,
  ) {
    super(at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`);
  }
}
