import { type AttemptOutcome, type DispatchRef, type TaskDecision } from '@millrace/contracts';

export { type DispatchRef } from '@millrace/contracts';

/** What happened: the only input of the run machine. */
export type RunEvent =
  | { readonly kind: 'decided'; readonly taskId: string; readonly decision: TaskDecision }
  | ({ readonly kind: 'ended'; readonly outcome: AttemptOutcome } & DispatchRef)
  /** A dispatch came back: nobody began it. */
  | ({ readonly kind: 'returned' } & DispatchRef)
  | { readonly kind: 'cancel' }
  /** The sleep of an instance is over. */
  | { readonly kind: 'woke'; readonly taskId: string; readonly mapIndex: number };

/** What is to be done: the only output of the run machine, besides its transitions. */
export type RunCommand =
  | { readonly kind: 'decide'; readonly taskId: string }
  | DispatchCommand
  /** Find out how a dispatch ended that a workflow before this one ordered; answered by `ended` or `returned`. */
  | ({ readonly kind: 'settle' } & DispatchRef)
  /** Ask the dispatch to stop; it still answers. */
  | ({ readonly kind: 'stop' } & DispatchRef)
  /** Sleep on a durable timer; answered by `woke`. */
  | { readonly kind: 'sleep'; readonly taskId: string; readonly mapIndex: number; readonly ms: number }
  /** Nobody waits for this sleep any more. */
  | { readonly kind: 'wake'; readonly taskId: string; readonly mapIndex: number };

/** Have an instance executed; answered by `ended` or `returned`. */
export type DispatchCommand = {
  readonly kind: 'dispatch';
  readonly try: number;
  readonly pool: string;
  readonly timeoutMs: number;
} & DispatchRef;
