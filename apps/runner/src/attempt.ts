import { join } from 'node:path';
import type { Head } from '@millrace/contracts';
import {
  type AttemptEnd,
  type BeginReply,
  endReply,
  fencedReply,
  type LogLine,
  type Offer,
} from '@millrace/contracts/wire';
import { DomainError, type JsonObject } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import { Redactor } from '@millrace/redaction';
import type { SandboxArtifact, SandboxExecution, SandboxHost, SandboxJob, SandboxResult } from '@millrace/sandbox';
import { toProgram } from '@millrace/tasks/runners';
import { attemptEndOf, attemptErrorOf } from './attempt-end.js';
import { AttemptLog } from './attempt-log.js';
import type { Blobs } from './blobs.js';
import type { BundleCache } from './bundle-cache.js';
import type { GatewayClient } from './gateway-client.js';

/** What every attempt of this runner works with. */
export interface AttemptParts {
  readonly gateway: GatewayClient;
  readonly blobs: Blobs;
  readonly bundles: BundleCache;
  readonly sandboxes: SandboxHost;
  /** Folder for what does not fit into memory. */
  readonly spoolFolder: string;
  readonly log: Logger;
}

/** Which dispatch of which task instance an attempt is of; `mapIndex` is -1 where the task is not mapped. */
export interface Instance {
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly dispatch: number;
}

/** The attempt is not ours any more, or was never finished: the platform settles it. Nothing of it is the tenant's fault. */
export class AttemptDropped extends Error {
  override readonly name = 'AttemptDropped';

  constructor(
    readonly reason:
      'stale' | 'handed_back' | 'given_up' | 'no_sandbox' | 'superseded' | 'cancelled' | 'platform_fault',
    message: string,
  ) {
    super(message);
  }
}

/** The end of an attempt with the lines that travel with it. */
interface EndedAttempt {
  readonly end: AttemptEnd;
  readonly lines: LogLine[];
}

/** An end that the platform has taken, and what it answered about what was wanted next. */
export interface TakenEnd {
  readonly end: AttemptEnd;
  readonly next?: BeginReply;
}

/** How long an attempt that was given up may take to come to its end by itself. */
const giveUpMs = 1_500;

/** One leased attempt, from the offer to the acknowledged end. */
export class Attempt {
  private readonly redactor: Redactor;
  private readonly output: AttemptLog;
  private execution: SandboxExecution | undefined;
  private stop: { readonly reason: string; readonly graceMs?: number } | undefined;
  private dropped: AttemptDropped | undefined;
  private givingUp: NodeJS.Timeout | undefined;
  private started = false;

  constructor(
    private readonly input: Instance,
    private readonly offer: Offer,
    private readonly parts: AttemptParts,
  ) {
    const passwords = offer.connections.flatMap(({ password }) => password ?? []);
    this.redactor = new Redactor([...Object.values(offer.secrets), ...passwords]);
    this.output = new AttemptLog({
      redactor: this.redactor,
      spoolPath: join(parts.spoolFolder, `${offer.attemptId}.jsonl`),
      send: async (lines) =>
        (await parts.gateway.ask({ type: 'log', ...this.lease, lines }, fencedReply)).outcome !== 'stale',
      onStale: () => this.drop(new AttemptDropped('stale', 'the lease went to another runner')),
    });
  }

  get attemptId(): string {
    return this.offer.attemptId;
  }

  private get lease(): { runId: string; attemptId: string; fence: number } {
    return { runId: this.input.runId, attemptId: this.offer.attemptId, fence: this.offer.fence };
  }

  /** TERM, grace, KILL: the attempt ends as cancelled. */
  cancel(reason: string): void {
    this.halt({ reason });
  }

  /**
   * The platform waits for this attempt no longer: it has been, or will be, settled without us. What is over by now, or
   * in a moment, is still reported: if nobody has settled it yet, the work counts; if somebody has, the fence refuses
   * the report, and the refusal is on record.
   */
  giveUp(): void {
    this.givingUp ??= setTimeout(() => {
      this.drop(new AttemptDropped('given_up', 'the platform has given this attempt up'));
    }, giveUpMs);
  }

  /** Kills what runs and says nothing more about it: whoever decides over the run settles the lease. */
  drop(why: AttemptDropped): void {
    this.dropped ??= why;
    this.halt({ reason: why.message, graceMs: 0 });
  }

  /**
   * Executes and gives the end that the platform has taken.
   * @param choose says, once the end is known, what the same lane wants to execute next
   * @throws AttemptDropped where the platform took none.
   */
  async execute(choose: (end: AttemptEnd) => Head | undefined): Promise<TakenEnd> {
    try {
      const { end, lines } = await this.run();
      const carried = lines.length === 0 ? {} : { lines };
      const wanted = choose(end);
      const { runId } = this.input;
      const asked = wanted === undefined ? {} : { next: { runId, ...wanted } };
      const question = { type: 'end', ...this.lease, end, ...carried, ...asked } as const;
      const { outcome, next } = await this.parts.gateway.ask(question, endReply);
      if (outcome === 'stale') throw new AttemptDropped('stale', 'the lease was over before the attempt ended');
      return next === undefined ? { end } : { end, next };
    } catch (error) {
      await this.output.abandon();
      throw error;
    } finally {
      clearTimeout(this.givingUp);
      // Its artifacts are stored or given up by now.
      void this.execution?.release().catch((error: unknown) => {
        this.parts.log.warn({ err: error, attemptId: this.attemptId }, 'artifacts could not be removed');
      });
    }
  }

  private async run(): Promise<EndedAttempt> {
    const held = await this.parts.bundles.hold(this.offer);
    try {
      const job = await this.makeJob(held.bundle);
      if ('end' in job) return job;
      this.throwDropped();
      const result = await this.inSandbox(job);
      this.throwDropped();
      // A sandbox that did not even start is a fault of this machine.
      if (result.outcome === 'crashed' && !this.started) {
        throw new AttemptDropped('no_sandbox', result.error?.message ?? 'the sandbox did not start');
      }
      await this.storeArtifacts(result.artifacts);
      const lines = await this.output.end();
      this.throwDropped();
      const end = await attemptEndOf({
        offer: this.offer,
        result,
        redactor: this.redactor,
        started: this.started,
        lastLogSeq: this.output.lastSeq,
        storeOutput: (output) => this.parts.blobs.upload(this.offer.grant, Buffer.from(output, 'utf8')),
      });
      return { end, lines };
    } finally {
      held.release();
    }
  }

  private inSandbox(job: SandboxJob): Promise<SandboxResult> {
    this.execution = this.parts.sandboxes.execute(job, {
      onLog: (stream, bytes, atMs) => this.output.write(stream, bytes, atMs),
      onStarted: () => {
        this.started = true;
        this.parts.gateway.tell({ type: 'started', ...this.lease, atMs: Date.now() });
      },
      onEgressRefused: (refusal) => this.output.system(refusal.message, Date.now()),
    });
    if (this.stop !== undefined) this.halt(this.stop);
    return this.execution.done;
  }

  private async makeJob(bundle: SandboxJob['bundle']): Promise<SandboxJob | EndedAttempt> {
    const { offer, input } = this;
    try {
      return {
        id: offer.attemptId,
        ...(bundle === undefined ? {} : { bundle }),
        ...(offer.sandbox === undefined ? {} : { sandbox: offer.sandbox }),
        program: toProgram(offer.task.type, offer.task.config),
        inputJson: await this.readInput(),
        context: {
          runId: input.runId,
          taskId: input.taskId,
          mapIndex: input.mapIndex < 0 ? null : input.mapIndex,
          attempt: offer.fence,
          try: offer.try,
          paramsJson: offer.task.params,
          run: { pipeline: offer.pipeline, environment: offer.environment },
        },
        env: offer.variables,
        secrets: offer.secrets,
        connections: offer.connections.map((connection) => ({
          ...connection,
          options: connection.options as JsonObject,
        })),
        timeoutMs: offer.timeoutMs,
        limits: { memoryBytes: offer.memoryBytes },
        egress: { open: offer.egressOpen },
      };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // The configuration does not fit its type once its expressions are resolved: the author's to mend.
      return this.refusedEnd(error);
    }
  }

  private async refusedEnd(error: DomainError): Promise<EndedAttempt> {
    this.output.system(error.message, Date.now());
    const lines = await this.output.end();
    return {
      end: {
        state: 'failed',
        reason: 'bad_config',
        retryable: false,
        error: attemptErrorOf(error, this.redactor),
        endedAtMs: Date.now(),
        wallMs: 0,
        cpuMs: 0,
        peakRssBytes: 0,
        lastLogSeq: this.output.lastSeq,
      },
      lines,
    };
  }

  private async readInput(): Promise<string> {
    const { input, inputDigest } = this.offer.task;
    if (inputDigest === undefined) return input ?? 'null';
    return (await this.parts.blobs.read(this.offer.grant, inputDigest)).toString('utf8');
  }

  private async storeArtifacts(artifacts: readonly SandboxArtifact[]): Promise<void> {
    for (const { name, path, contentType } of artifacts) {
      const { digest, sizeBytes } = await this.parts.blobs.uploadFile(this.offer.grant, path);
      const { outcome } = await this.parts.gateway.ask(
        {
          type: 'artifact',
          ...this.lease,
          name: this.redactor.redact(name),
          contentType: contentType ?? 'application/octet-stream',
          sizeBytes,
          digest,
        },
        fencedReply,
      );
      if (outcome === 'stale') throw new AttemptDropped('stale', 'the lease was over before the artifacts were stored');
    }
  }

  private halt(stop: { readonly reason: string; readonly graceMs?: number }): void {
    this.stop ??= stop;
    this.execution?.cancel(stop.reason, stop.graceMs === undefined ? {} : { graceMs: stop.graceMs });
  }

  private throwDropped(): void {
    if (this.dropped !== undefined) throw this.dropped;
  }
}
