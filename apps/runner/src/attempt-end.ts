import { inlineOutputBytes } from '@millrace/contracts';
import type { AttemptEnd, AttemptError, Offer } from '@millrace/contracts/wire';
import type { Redactor } from '@millrace/redaction';
import type { SandboxError, SandboxResult } from '@millrace/sandbox';
import { isRetryable } from '@millrace/tasks/runners';

const maxMessageChars = 8 * 1024;
const maxStackChars = 32 * 1024;

type EndState = AttemptEnd['state'];

const states: { readonly [O in SandboxResult['outcome']]: EndState } = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'timed_out',
  cancelled: 'cancelled',
  oom: 'failed',
  disk_full: 'failed',
  process_limit: 'failed',
  output_too_large: 'failed',
  crashed: 'failed',
};

function reasonOf(result: SandboxResult): string | undefined {
  switch (result.outcome) {
    case 'succeeded':
      return undefined;
    case 'timed_out':
      return 'timeout';
    case 'failed':
      return result.error?.code ?? (result.exitCode === undefined ? 'exception' : 'exit_code');
    default:
      return result.outcome;
  }
}

/** An error as it may be stored and shown: bounded, without secrets. */
export function attemptErrorOf(error: SandboxError, redactor: Redactor): AttemptError {
  const { name, message, stack } = error;
  return {
    name: redactor.redact(name).slice(0, 200),
    message: redactor.redact(message).slice(0, maxMessageChars),
    ...(stack === undefined ? {} : { stack: redactor.redact(stack).slice(0, maxStackChars) }),
  };
}

export interface EndFacts {
  readonly offer: Offer;
  readonly result: SandboxResult;
  readonly redactor: Redactor;
  /** False where the user's code never began. */
  readonly started: boolean;
  readonly lastLogSeq: number;
  /** Stores an output that is too large for its row; gives its digest. */
  readonly storeOutput: (output: string) => Promise<string>;
}

/** The end of an attempt as the gateway takes it. */
export async function attemptEndOf(facts: EndFacts): Promise<AttemptEnd> {
  const { offer, result, redactor, started, lastLogSeq } = facts;
  const reason = reasonOf(result);
  const output = result.outputJson === undefined ? undefined : redactor.redactJson(result.outputJson);
  return {
    state: states[result.outcome],
    ...(reason === undefined ? {} : { reason: redactor.redact(reason).slice(0, 200) }),
    retryable: result.outcome !== 'succeeded' && result.outcome !== 'cancelled' && retryableOf(offer, result),
    ...(result.error === undefined || result.outcome === 'succeeded'
      ? {}
      : { error: attemptErrorOf(result.error, redactor) }),
    ...(output === undefined ? {} : await placeOutput(output, facts.storeOutput)),
    ...(started ? { startedAtMs: result.startedAtMs } : {}),
    endedAtMs: result.endedAtMs,
    wallMs: started ? result.usage.wallMs : 0,
    cpuMs: result.usage.cpuMs,
    peakRssBytes: result.usage.peakRssBytes,
    lastLogSeq,
  };
}

function retryableOf(offer: Offer, { outcome, error }: SandboxResult): boolean {
  return isRetryable(offer.task.type, {
    outcome,
    ...(error?.code === undefined ? {} : { code: error.code }),
    ...(error?.retryable === undefined ? {} : { retryable: error.retryable }),
  });
}

async function placeOutput(
  output: string,
  store: (output: string) => Promise<string>,
): Promise<Pick<AttemptEnd, 'output' | 'outputDigest' | 'outputBytes'>> {
  const outputBytes = Buffer.byteLength(output);
  if (outputBytes <= inlineOutputBytes) return { output, outputBytes };
  return { outputDigest: await store(output), outputBytes };
}
