import type { Json } from '@millrace/kernel';

/** What a mock is asked: one try of one task instance. */
export interface Call {
  readonly task: string;
  /** -1 where the task is not mapped. */
  readonly mapIndex: number;
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
  /** Counts every attempt, those that were lost included. */
  readonly attempt: number;
  /** JSON text of the input that the code would get. */
  readonly inputText: string;
  readonly input: Json;
  /** The task's own fields (url, statement, entry, …) with their expressions evaluated. */
  readonly fields: Json;
  readonly params: Json;
  /** Evaluates a template as the task's own input is evaluated. */
  readonly render: (template: unknown) => string;
}

/** How a mocked try ends. */
export type Answer =
  | { readonly kind: 'output'; /** JSON text. */ readonly text: string; readonly delayMs?: number }
  | {
      readonly kind: 'error';
      readonly message: string;
      /** Code of the error, such as `http.503`: with `retryable` left out, the task's type says whether it is retried. */
      readonly code?: string;
      readonly retryable?: boolean;
      readonly delayMs?: number;
    }
  /** The runner is lost: the platform's fault, tried again at no cost. */
  | { readonly kind: 'lost'; readonly delayMs?: number };

/** Stands for the code of a task. */
export type Behaviour = (call: Call) => Answer | Promise<Answer>;
