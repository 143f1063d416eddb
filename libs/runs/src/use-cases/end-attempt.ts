import { categoryOf, recordAttemptUsage } from '@millrace/billing';
import { inlineOutputBytes } from '@millrace/contracts';
import type { AttemptEnd } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import {
  type EndedAttempt,
  endLease,
  type EndManner,
  readStanding,
  recordRefusal,
} from '../adapters/pg/pg-attempt-end.js';
import type { FencedOutcome, Fencing, LeaseRef } from '../attempt-lease.js';

export interface EndRequest extends LeaseRef, EndManner {
  readonly end: AttemptEnd;
}

export interface EndResult {
  readonly outcome: FencedOutcome;
  /** Present where this call ended the attempt. */
  readonly ended?: EndedAttempt;
}

/**
 * The one end of an attempt, in one transaction: its state and output, its ledger rows, its slot. Only the live lease
 * can end; a repeat of the same end is a duplicate; everything else is refused, and the refusal is on record.
 */
export class EndAttempt {
  constructor(private readonly fencing: Fencing = 'on') {}

  async execute(tx: TenantTransaction, request: EndRequest): Promise<EndResult> {
    const { end } = request;
    checkOutput(end);
    const ended = await endLease(tx, request, cleaned(end), this.fencing, request);
    if (ended === undefined) return { outcome: await this.refuse(tx, request) };
    const repeated = end.retryable && ended.try < ended.maxTries && !ended.cancelRequested;
    recordAttemptUsage(tx, [
      {
        attemptId: ended.attemptId,
        runId: ended.runId,
        taskId: ended.taskId,
        mapIndex: ended.mapIndex,
        pipelineId: ended.pipelineId,
        environmentId: ended.environmentId,
        size: ended.size,
        category: categoryOf(ended.state, repeated),
        wallMs: end.wallMs,
        started: ended.started,
        firstStart: !ended.startedBefore,
        runCreatedAt: ended.runCreatedAt,
      },
    ]);
    return { outcome: 'ok', ended };
  }

  private async refuse(tx: TenantTransaction, request: EndRequest): Promise<FencedOutcome> {
    const standing = await readStanding(tx, request);
    // Another tenant's attempt, or none at all: there is nothing to record it against.
    if (standing === undefined) return 'stale';
    const sameHolder = standing.fence === request.fence && standing.runnerId === request.runnerId;
    if (sameHolder && standing.state === request.end.state) return 'duplicate';
    await recordRefusal(tx, {
      runId: request.runId,
      taskId: standing.taskId,
      mapIndex: standing.mapIndex,
      fence: request.fence,
      runnerId: request.runnerId,
      operation: 'end',
      reason: `ended as ${request.end.state}, but the attempt is ${standing.state}`,
    });
    return 'stale';
  }
}

function checkOutput(end: AttemptEnd): void {
  if (end.output !== undefined && Buffer.byteLength(end.output) > inlineOutputBytes) {
    throw new DomainError('too_large', 'output.too_large', `an inline output holds at most ${inlineOutputBytes} bytes`);
  }
  const outputs = (end.output === undefined ? 0 : 1) + (end.outputDigest === undefined ? 0 : 1);
  if (outputs !== (end.state === 'succeeded' ? 1 : 0)) {
    throw new DomainError('invalid', 'output.misplaced', 'an attempt has one output if it succeeded, and none if not');
  }
}

/** Postgres takes neither NUL nor lone surrogates in text or jsonb; a tenant's message may hold both. */
function cleaned(end: AttemptEnd): AttemptEnd {
  if (end.error === undefined) return end;
  const clean = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');
  const { name, message, stack } = end.error;
  return {
    ...end,
    error: {
      name: clean(name),
      message: clean(message),
      ...(stack === undefined ? {} : { stack: clean(stack) }),
    },
  };
}
