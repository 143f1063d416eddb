import { type AttemptOutcome, type RunnerLostSignal, type TaskDecision } from '@millrace/contracts';

/** One dispatch of one task instance. */
export interface DispatchRef {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly dispatch: number;
}

/** What happened: the only input of the run machine. */
export type RunEvent =
  | { readonly kind: 'decided'; readonly taskId: string; readonly decision: TaskDecision }
  /** A dispatch ended with an answer, its own or the one that settling found. */
  | ({ readonly kind: 'ended'; readonly outcome: AttemptOutcome } & DispatchRef)
  /** A dispatch is over without an answer. */
  | ({ readonly kind: 'unanswered' } & DispatchRef)
  | { readonly kind: 'runnerLost'; readonly leases: RunnerLostSignal['leases'] }
  | { readonly kind: 'cancel' }
  /** The sleep of an instance is over. */
  | { readonly kind: 'woke'; readonly taskId: string; readonly mapIndex: number };

/** What is to be done: the only output of the run machine, besides its transitions. */
export type RunCommand =
  | { readonly kind: 'decide'; readonly taskId: string }
  | ({
      readonly kind: 'dispatch';
      readonly try: number;
      readonly pool: string;
      readonly timeoutMs: number;
    } & DispatchRef)
  /** Find out how the dispatch ended, or end its lease; answered by `ended`. */
  | ({ readonly kind: 'settle' } & DispatchRef)
  /** Ask the dispatch to stop; it still answers. */
  | ({ readonly kind: 'stop' } & DispatchRef)
  /** Nobody waits for the answer of this dispatch any more. */
  | ({ readonly kind: 'forget' } & DispatchRef)
  /** Sleep on a durable timer; answered by `woke`. */
  | { readonly kind: 'sleep'; readonly taskId: string; readonly mapIndex: number; readonly ms: number }
  /** Nobody waits for this sleep any more. */
  | { readonly kind: 'wake'; readonly taskId: string; readonly mapIndex: number };
