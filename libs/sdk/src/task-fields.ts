import type { Expression, Template, Value } from './expression.js';
import type { AnyTask } from './task.js';

type Unit = 'ms' | 's' | 'm' | 'h' | 'd';
/** `500ms`, `10s`, `5m`, `1h30m`, `2d`. */
export type Duration = `${number}${Unit}` | `${number}${Unit}${number}${Unit}`;
/** `512MiB`, `2GiB`. */
export type ByteSize = `${number}${'B' | 'KB' | 'MB' | 'GB' | 'KiB' | 'MiB' | 'GiB'}`;

/** How often and when a failed try is repeated. */
export interface Retry {
  /** Tries in all, the first included. */
  readonly maxAttempts?: number;
  readonly delay?: Duration;
  /** Each further delay is the last one times this. */
  readonly factor?: number;
  readonly maxDelay?: Duration;
  /** `full` draws the delay evenly from 0 to the computed one. */
  readonly jitter?: 'none' | 'full';
}

/** How the needs of a task decide whether it runs; meanings are Airflow's. */
export type TriggerRule =
  | 'all_success'
  | 'all_failed'
  | 'all_done'
  | 'all_skipped'
  | 'one_success'
  | 'one_failed'
  | 'one_done'
  | 'none_failed'
  | 'none_failed_min_one_success'
  | 'none_skipped'
  | 'always';

/** What every task may say about when it runs. */
export interface OrderFields {
  readonly description?: string;
  /** Tasks that must be done before. Tasks whose outputs the task uses are needed without being named here. */
  readonly needs?: readonly AnyTask[];
  /** When it is false the task is skipped. */
  readonly when?: Value<boolean>;
  readonly trigger?: TriggerRule;
}

/** What every task that a runner executes may say besides. */
export interface RunnerFields extends OrderFields {
  readonly retry?: Retry;
  /** From the start of a try to its forced end. */
  readonly timeout?: Duration;
  readonly pool?: string;
  readonly memory?: ByteSize;
  /** False: the task always starts by itself, even where it could be part of a stretch. */
  readonly fuse?: boolean;
  /** A sandbox that no other attempt uses, whatever the mode of the pool. */
  readonly sandbox?: 'fresh';
  /** Names of the secrets that the task may read. */
  readonly secrets?: readonly string[];
  readonly connections?: readonly string[];
  readonly variables?: readonly string[];
}

/** A function of a task: called with the input and the context. */
export type TaskFunction = (...args: never[]) => unknown;

type InputOf<F> = F extends (input: infer Input, ...rest: never[]) => unknown ? Input : unknown;

/** What a value is after it went through JSON. */
export type Wire<T> = T extends { toJSON(): infer Json }
  ? Json
  : T extends undefined | void
    ? null
    : T extends string | number | boolean | null
      ? T
      : T extends bigint | symbol | TaskFunction
        ? never
        : T extends object
          ? { readonly [Key in keyof T]: undefined extends T[Key] ? WireMember<T[Key]> : Wire<T[Key]> }
          : T;
/** A member without a value is left out of JSON; what reads it finds none. */
type WireMember<T> = T extends undefined ? undefined : Wire<T>;

/** Output of a task function, as other tasks get it. */
export type OutputOf<F> = F extends (...args: never[]) => infer Result ? Wire<Awaited<Result>> : unknown;

type WithInput<Input> = undefined extends Input
  ? { readonly input?: Template<Input> }
  : { readonly input: Template<Input> };

/** Fields of a `node` task whose function is `F`, exported as `Name`. */
export type NodeFields<F, Name extends string> = RunnerFields &
  (unknown extends InputOf<F> ? { readonly input?: Template<InputOf<F>> } : WithInput<InputOf<F>>) &
  ('default' extends Name ? { readonly export?: Name } : { readonly export: Name });

/** Fields of a `node` task in a file that TypeScript knows nothing of. */
export interface NodeFileFields extends RunnerFields {
  /** JavaScript or TypeScript file of the bundle. */
  readonly entry: string;
  readonly input?: unknown;
  readonly export?: string;
}

export interface PythonFields extends RunnerFields {
  /** Python file of the bundle. */
  readonly entry: string;
  /** `main` where it is left out. */
  readonly function?: string;
  readonly input?: unknown;
}

export type ShellFields = RunnerFields & {
  readonly shell?: 'sh' | 'bash';
  /** The script finds it in the file `$MILLRACE_INPUT`. */
  readonly input?: unknown;
} & ({ readonly script: string; readonly file?: never } | { readonly file: string; readonly script?: never });

export type SqlFields = RunnerFields & {
  readonly connection: string;
  readonly rows?: 'none' | 'first' | 'all';
  readonly maxRows?: Value<number>;
} & (
    | { readonly statement: string; readonly params?: Value<readonly unknown[]>; readonly file?: never }
    | { readonly file: string; readonly statement?: never; readonly params?: never }
  );

export interface HttpFields extends RunnerFields {
  readonly method?: Value<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'>;
  readonly url: Value<string>;
  readonly headers?: Readonly<Record<string, Value<string>>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly expect?: { readonly status: Value<number | readonly number[]> };
  readonly timeoutSeconds?: Value<number>;
  readonly parse?: 'json' | 'text';
}

export type WaitFields = OrderFields & { readonly variables?: readonly string[] } & (
    | { readonly for: Duration; readonly seconds?: never; readonly until?: never }
    | { readonly seconds: Value<number>; readonly for?: never; readonly until?: never }
    | { readonly until: Value<string>; readonly for?: never; readonly seconds?: never }
  );

export interface SqlOutput<Row> {
  readonly rowCount: number;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface HttpOutput<Body> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

export interface MapFields {
  /** Instances at once at most. */
  readonly maxConcurrency?: number;
}

/** The list that a mapped task is mapped over. */
export type MapSource<Item> = Expression<readonly Item[]> | readonly Template<Item>[];
