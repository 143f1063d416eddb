import type { LiveRunner, PoolState, RunnerRegistration } from '@millrace/pools';

/** A runner that is to be started. */
export interface RunnerOrder {
  readonly runnerId: LiveRunner['runnerId'];
  readonly credential: string;
  readonly pool: PoolState;
}

/** What only the driver knows of a runner, for its row. */
export type RunnerPlace = Pick<RunnerRegistration, 'host' | 'pid' | 'processStart' | 'uid' | 'version'>;

export interface RunnerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A runner that runs, started by this controller or found running. */
export interface RunningRunner {
  /** Never rejects. */
  readonly exited: Promise<RunnerExit>;
  /** Take nothing new, and leave when what runs has ended. */
  drain(): void;
  /** Leave soon: what has not ended within the grace is handed back. */
  stop(): void;
  /** At once, with everything that it started. */
  kill(): void;
}

/** How runners come into being: processes on this machine, or (later) pods of a cluster. */
export interface RunnerDriver {
  /** The machine or cluster as runners' rows name it. */
  readonly host: string;
  open(): Promise<void>;
  /** Calls `register` with where the runner will live, and tells the runner whose it is only once that has resolved. */
  start(order: RunnerOrder, register: (place: RunnerPlace) => Promise<void>): Promise<RunningRunner>;
  /** Takes over a runner that an earlier controller started; `undefined` where it is gone. */
  adopt(runner: LiveRunner): Promise<RunningRunner | undefined>;
  /** Removes what a runner that is gone left behind. */
  clean(runnerId: string): Promise<void>;
  /** Lets go of what belongs to nobody (spares); runners go on. */
  close(): Promise<void>;
}
