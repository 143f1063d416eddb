import type { Say } from './progress.js';

/** Something that runs until it is stopped or dies. */
export interface Running {
  readonly pid: number;
  readonly port?: number;
  /** Resolves with how it ended; never rejects. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** What is kept running. */
export interface Service {
  readonly name: string;
  /** Rejects when it does not come up, or soon after the signal gives it up. */
  readonly start: (signal: AbortSignal) => Promise<Running>;
  /** Where its log is, for messages. */
  readonly logFile: string;
}

export interface ServiceState {
  readonly name: string;
  readonly state: 'starting' | 'running' | 'waiting' | 'stopped';
  readonly pid: number | undefined;
  readonly port: number | undefined;
  readonly restarts: number;
}

export interface SupervisorOptions {
  readonly say: Say;
  /** Called after each change of any service. */
  readonly onChange: (states: readonly ServiceState[]) => void;
  /** Wait before the first restart; doubles with each one up to `maxDelayMs`. Defaults 1,000 and 30,000. */
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  /** A service that ran this long starts over with the first delay; default 60,000. */
  readonly steadyMs?: number;
}

interface Kept {
  readonly service: Service;
  running: Running | undefined;
  state: ServiceState['state'];
  restarts: number;
  delayMs: number;
  timer: NodeJS.Timeout | undefined;
  /** The start or restart under way, so that stopping waits for it instead of missing its process. */
  starting: Promise<void>;
}

/** Keeps services running: one that dies is started again, after 1 s, 2 s, … 30 s. */
export class Supervisor {
  readonly #kept = new Map<string, Kept>();
  readonly #options: Required<SupervisorOptions>;
  readonly #giveUp = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = { firstDelayMs: 1_000, maxDelayMs: 30_000, steadyMs: 60_000, ...options };
  }

  /** Starts the service and keeps it; rejects when the very first start fails. */
  async add(service: Service): Promise<Running> {
    if (this.#giveUp.signal.aborted) throw new Error(`${service.name} was not started: the platform is stopping`);
    const kept: Kept = {
      service,
      running: undefined,
      state: 'starting',
      restarts: 0,
      delayMs: this.#options.firstDelayMs,
      timer: undefined,
      starting: Promise.resolve(),
    };
    this.#kept.set(service.name, kept);
    const first = this.#start(kept);
    kept.starting = first.then(
      () => undefined,
      () => undefined,
    );
    return first;
  }

  states(): readonly ServiceState[] {
    return [...this.#kept.values()].map(({ service, running, state, restarts }) => ({
      name: service.name,
      state,
      pid: running?.pid,
      port: running?.port,
      restarts,
    }));
  }

  /** Stops the named services one after another, inner lists side by side; nothing is restarted from now on. */
  async stop(order: readonly (readonly string[])[]): Promise<void> {
    this.#giveUp.abort();
    for (const names of order) await Promise.all(names.map((name) => this.#stopOne(name)));
  }

  async #stopOne(name: string): Promise<void> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    clearTimeout(kept.timer);
    await kept.starting;
    await kept.running?.stop();
    kept.running = undefined;
    this.#enter(kept, 'stopped');
  }

  async #start(kept: Kept): Promise<Running> {
    this.#enter(kept, 'starting');
    const running = await kept.service.start(this.#giveUp.signal);
    const since = performance.now();
    kept.running = running;
    this.#enter(kept, 'running');
    void running.ended.then((how) => this.#died(kept, how, performance.now() - since));
    return running;
  }

  #died(kept: Kept, how: string, livedMs: number): void {
    kept.running = undefined;
    if (this.#giveUp.signal.aborted) return;
    if (livedMs >= this.#options.steadyMs) kept.delayMs = this.#options.firstDelayMs;
    this.#retryLater(kept, `ended (${how})`);
  }

  #retryLater(kept: Kept, what: string): void {
    if (this.#giveUp.signal.aborted) return;
    const { name, logFile } = kept.service;
    this.#options.say(`${name} ${what}; starting it again in ${kept.delayMs / 1000} s (log: ${logFile})`);
    this.#enter(kept, 'waiting');
    kept.timer = setTimeout(() => {
      kept.restarts += 1;
      kept.starting = this.#start(kept).then(
        () => this.#options.say(`${name} runs again`),
        (error: unknown) =>
          this.#retryLater(kept, `did not start: ${error instanceof Error ? error.message : String(error)}`),
      );
    }, kept.delayMs);
    kept.delayMs = Math.min(kept.delayMs * 2, this.#options.maxDelayMs);
  }

  #enter(kept: Kept, state: ServiceState['state']): void {
    kept.state = state;
    this.#options.onChange(this.states());
  }
}
