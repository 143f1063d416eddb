import type { SandboxError } from '../result.js';

/** How a program ended, as init saw it. */
export type ProgramEnd =
  | { readonly ok: true; readonly output: string; readonly extraCpuMs?: number; readonly peakRssBytes?: number }
  | {
      readonly ok: false;
      readonly error: SandboxError;
      readonly exitCode?: number;
      readonly signal?: string;
      readonly extraCpuMs?: number;
      readonly peakRssBytes?: number;
    };

/** What the init program does for the one job around the user's code. */
export interface ProgramHooks {
  /** The next thing that runs is the user's. */
  started(): void;
  readonly signal: AbortSignal;
  /** What to undo before the sandbox serves another job. */
  onClean(undo: () => void | Promise<void>): void;
  /** Content types by artifact name, as the code declared them. */
  readonly declaredTypes: Record<string, string>;
}

const maxTextLength = 16_384;

function bounded(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}… (${text.length} characters)`;
}

interface ErrorFacts {
  readonly code?: unknown;
  readonly retryable?: unknown;
}

/** An error of the user's code, whatever was thrown, bounded in size. */
export function describeError(thrown: unknown): SandboxError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: bounded(`thrown: ${printable(thrown)}`) };
  const { code, retryable } = thrown as ErrorFacts;
  return {
    name: bounded(thrown.name || 'Error'),
    message: bounded(withCauses(thrown)),
    ...(thrown.stack === undefined ? {} : { stack: bounded(thrown.stack) }),
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
    ...(typeof code === 'string' ? { code: bounded(code) } : {}),
  };
}

/** `fetch failed` says nothing; its causes do, and the last of them says it. */
function withCauses(error: Error): string {
  const messages: string[] = [];
  for (let at: unknown = error; at instanceof Error && messages.length < 5; at = at.cause) {
    if (at.message !== '' && !messages.includes(at.message)) messages.push(at.message);
  }
  return messages.join(': ');
}

function printable(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
