import {
  blobPartBytes,
  type BeginReply,
  type BlobPart,
  type EndReply,
  type FencedReply,
  type LogLine,
  type Offer,
  type OfferedStretchFrame,
  type RunnerFrame,
} from '@millrace/contracts/wire';
import { channels, type TenantDatabase, type TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import type { Logger } from '@millrace/platform';
import type { Redactor } from '@millrace/redaction';
import {
  type AddArtifact,
  type AppendLog,
  type BeginAttempt,
  type BeginResult,
  type EndAttempt,
  followersFor,
  type LeaseNext,
  type LogChunk,
  loseAttempts,
  markStarted,
  type NextRequest,
  type OfferAttempt,
  type OfferToPush,
} from '@millrace/runs';
import { AttemptGrants, type LiveAttempt } from './attempt-grants.js';
import type { BegunHow, GatewayMetrics } from './gateway-metrics.js';
import type { ConnectedRunner } from './identity.js';
import { Uploads } from './uploads.js';

type Frame<T extends RunnerFrame['type']> = Extract<RunnerFrame, { type: T }>;

/** What the desks of all connections share. */
export interface DeskParts {
  readonly tenants: TenantDatabase;
  readonly objects: ObjectStore;
  readonly begin: BeginAttempt;
  readonly end: EndAttempt;
  readonly next: LeaseNext;
  readonly offers: OfferAttempt;
  readonly append: AppendLog;
  readonly artifacts: AddArtifact;
  readonly metrics: GatewayMetrics;
  /** Only for tests; see `GatewayConfig`. */
  readonly losesLog?: boolean;
  readonly log: Logger;
}

const attemptUploadBytes = 1024 * 1024 * 1024;
const buildUploadBytes = 2 * 1024 * 1024 * 1024;
/** A start is written for those who watch; an attempt that is over sooner says it with its end, in one write less. */
const startedDelayMs = 300;

/** An attempt that has become live on a connection. */
export interface KeptAttempt {
  readonly runId: string;
  readonly attemptId: string;
}

/** Carries out what the runner of one connection asks for. */
export class AttemptDesk {
  private readonly grants: AttemptGrants;
  private readonly uploads: Uploads;
  /** Runs of which the runner may keep something. */
  private readonly runs = new Set<string>();
  private readonly starting = new Map<string, NodeJS.Timeout>();
  /** Writes of one attempt follow one another: its end never overtakes its log. */
  private readonly chains = new Map<string, Promise<unknown>>();

  constructor(
    private readonly runner: ConnectedRunner,
    private readonly parts: DeskParts,
    private readonly onKept: (attempt: KeptAttempt) => void = () => undefined,
  ) {
    this.grants = new AttemptGrants(runner, parts.tenants, parts.begin);
    this.uploads = new Uploads(parts.objects, runner.tenantId);
  }

  /** Attempts that are live on this connection, by run. */
  liveOf(runId: string): readonly LiveAttempt[] {
    return this.grants.live().filter((attempt) => attempt.runId === runId);
  }

  /** True, once, where an attempt of the run began on this connection. */
  served(runId: string): boolean {
    return this.runs.delete(runId);
  }

  /** The connection is gone: what hangs on it goes, what is in the database stays. */
  close(): void {
    this.uploads.abort();
    for (const timer of this.starting.values()) clearTimeout(timer);
    this.starting.clear();
  }

  async begin(frame: Frame<'begin'>): Promise<BeginReply> {
    const { runner } = this;
    const ref = { runId: frame.runId, taskId: frame.taskId, mapIndex: frame.mapIndex, dispatch: frame.dispatch };
    const result = await this.transaction('begin', (tx) =>
      this.parts.begin.execute(tx, {
        ...ref,
        runner,
        try: frame.try,
        scheduledAtMs: frame.scheduledAtMs,
        stretchId: frame.stretch,
      }),
    );
    if (frame.stretch !== undefined) return this.replyOf(frame, result, undefined);
    return this.replyOf(frame, result, frame.fused ? [frame.taskId] : []);
  }

  private replyOf(
    { runId, try: tried }: { readonly runId: string; readonly try: number },
    result: BeginResult,
    headIds: readonly string[] | undefined,
  ): BeginReply {
    if (result.outcome !== 'leased') return result;
    this.keep({ runId, ...result }, headIds === undefined ? 'fused' : 'queued');
    const followers =
      headIds === undefined || headIds.length === 0 ? {} : { followers: followersFor(result.version, headIds) };
    return { outcome: 'leased', offer: offerOf(result, tried), ...followers };
  }

  /** The attempt is live on this connection from now on. */
  private keep(leased: Pick<OfferToPush, 'runId' | 'lease' | 'version' | 'work'>, how: BegunHow): void {
    this.grants.keep(leased);
    this.runs.add(leased.runId);
    this.parts.metrics.begun.inc({ how });
    this.onKept({ runId: leased.runId, attemptId: leased.lease.attemptId });
  }

  /** The frame that offers what was leased to this runner. */
  accept(offer: OfferToPush, way: 'direct' | 'offered'): OfferedStretchFrame {
    this.keep(offer, way);
    return { ...offer.stretch, offer: offerOf(offer, offer.try) };
  }

  /** Makes the offer of a lease that was made elsewhere; `undefined` where there is nothing to offer any more. */
  async takeOffer(attemptId: string): Promise<OfferedStretchFrame | undefined> {
    const { runnerId } = this.runner;
    const offer = await this.transaction('offer', (tx) => this.parts.offers.execute(tx, { attemptId, runnerId }));
    return offer === undefined ? undefined : this.accept(offer, 'offered');
  }

  /** The runner does not take what it was offered: nobody's fault, and free of charge. */
  decline(frame: Frame<'decline'>): Promise<FencedReply> {
    return this.inOrder(frame.attemptId, async () => {
      // In one word, by which the run tells it from the loss of something that had begun.
      const lost = await this.transaction('decline', async (tx) => {
        const declined = await loseAttempts(tx, [frame.attemptId], 'declined', this.runner.runnerId);
        tx.notify(channels.stretches, frame.runId);
        return declined;
      });
      this.parts.log.info({ attemptId: frame.attemptId, reason: frame.reason }, 'an offer was declined');
      this.grants.forget(frame.attemptId);
      return { outcome: lost.length > 0 ? 'ok' : 'stale' };
    });
  }

  started(frame: Frame<'started'>): void {
    const { runId, attemptId, fence, atMs } = frame;
    if (this.starting.has(attemptId)) return;
    const lease = { runId, attemptId, fence, runnerId: this.runner.runnerId };
    const write = (): void => {
      this.starting.delete(attemptId);
      this.transaction('started', (tx) => markStarted(tx, lease, atMs)).catch((error: unknown) => {
        this.parts.log.warn({ err: error, attemptId }, 'the start of an attempt was not noted');
      });
    };
    this.starting.set(attemptId, setTimeout(write, startedDelayMs));
  }

  log(frame: Frame<'log'>): Promise<FencedReply> {
    return this.inOrder(frame.attemptId, async () => {
      const redactor = (await this.grants.find(frame))?.redactor;
      const chunk = await this.parts.append.prepare(this.runner.tenantId, redactLines(frame.lines, redactor));
      return this.fenced(frame, 'log', (tx, lease) => this.parts.append.execute(tx, lease, chunk));
    });
  }

  artifact(frame: Frame<'artifact'>): Promise<FencedReply> {
    return this.inOrder(frame.attemptId, async () => {
      const redactor = (await this.grants.find(frame))?.redactor;
      const name = redactor?.redact(frame.name) ?? frame.name;
      const { contentType, sizeBytes, digest } = frame;
      return this.fenced(frame, 'artifact', (tx, lease) =>
        this.parts.artifacts.execute(tx, { ...lease, name, contentType, sizeBytes, digest }),
      );
    });
  }

  end(frame: Frame<'end'>): Promise<EndReply> {
    return this.inOrder(frame.attemptId, async () => {
      const redactor = (await this.grants.find(frame))?.redactor;
      const end = redactEnd(frame.end, redactor);
      checkJson(end.output);
      if (end.outputDigest !== undefined && !(await this.parts.objects.has(this.runner.tenantId, end.outputDigest))) {
        throw new DomainError('invalid', 'output.not_uploaded', 'the output that the end names was not uploaded');
      }
      clearTimeout(this.starting.get(frame.attemptId));
      this.starting.delete(frame.attemptId);
      const isLost = this.parts.losesLog === true && frame.next !== undefined;
      const chunk = isLost ? undefined : await this.lastChunk(frame, redactor);
      const wanted = frame.next === undefined ? undefined : this.nextOf(frame, frame.next);
      let next: BeginResult | undefined;
      const reply = await this.fenced(frame, 'end', async (tx, lease) => {
        // One behind the other, without waiting for an answer in between.
        const ending = this.parts.end.execute(tx, { ...lease, end, chunk, followed: wanted !== undefined });
        const leasing = wanted === undefined ? undefined : this.parts.next.execute(tx, wanted);
        const [{ outcome, ended }, leased] = await Promise.all([ending, leasing]);
        if (ended !== undefined) tx.afterCommit(() => this.parts.metrics.ended(ended));
        next = outcome === 'duplicate' && wanted !== undefined ? await this.parts.next.repeat(tx, wanted) : leased;
        if (wanted !== undefined && next?.outcome !== 'leased') tx.notify(channels.stretches, frame.runId);
        return outcome;
      });
      // Its handle has died with it.
      this.grants.forget(frame.attemptId);
      if (next === undefined || frame.next === undefined || reply.outcome === 'stale') return reply;
      return { ...reply, next: this.replyOf(frame.next, next, undefined) };
    });
  }

  private nextOf(frame: Frame<'end'>, next: NonNullable<Frame<'end'>['next']>): NextRequest {
    return {
      ...next,
      runner: this.runner,
      ended: { attemptId: frame.attemptId, fence: frame.fence, state: frame.end.state },
    };
  }

  private async lastChunk({ lines }: Frame<'end'>, redactor: Redactor | undefined): Promise<LogChunk | undefined> {
    return lines === undefined
      ? undefined
      : this.parts.append.prepare(this.runner.tenantId, redactLines(lines, redactor));
  }

  async readBlob(frame: Frame<'blob.read'>): Promise<BlobPart> {
    const { tenantId } = this.runner;
    const { readable } = await this.grants.open(frame.grant);
    if (!readable.has(frame.digest))
      throw new DomainError('not_found', 'object.not_found', 'no such object is open to it');
    const stored = await this.parts.objects.stat(tenantId, frame.digest);
    if (stored === undefined)
      throw new DomainError('not_found', 'object.not_found', `there is no object ${frame.digest}`);
    const bytes = await this.parts.objects.readRange(tenantId, frame.digest, frame.offset, blobPartBytes);
    const end = frame.offset + bytes.length;
    return { data: bytes.toString('base64'), totalBytes: stored.sizeBytes, last: end >= stored.sizeBytes };
  }

  async writeBlob(frame: Frame<'blob.write'>): Promise<{ receivedBytes: number }> {
    const { build } = await this.grants.open(frame.grant);
    const part = { offset: frame.offset, bytes: Buffer.from(frame.data, 'base64'), last: frame.last };
    const key = `${frame.grant} ${frame.upload}`;
    return { receivedBytes: await this.uploads.write(key, part, build ? buildUploadBytes : attemptUploadBytes) };
  }

  async beginBuild(frame: Frame<'build.begin'>): Promise<{ grant: string }> {
    const { tenantId, environmentId } = this.runner;
    const [deployment] = await this.parts.tenants.transaction(tenantId, (tx) =>
      tx.query<{ bundle_digest: string; environment_id: string }>(
        `select bundle_digest, environment_id from deployments where tenant_id = $1 and id = $2 and state = 'building'`,
        [tenantId, frame.deploymentId],
      ),
    );
    if (deployment?.environment_id !== environmentId) {
      throw new DomainError('not_found', 'deployment.not_found', 'no such deployment is being built');
    }
    return { grant: this.grants.openBuild(deployment.bundle_digest) };
  }

  private async fenced(
    frame: { readonly runId: string; readonly attemptId: string; readonly fence: number },
    operation: 'log' | 'artifact' | 'end',
    write: (
      tx: TenantTransaction,
      lease: { runId: string; attemptId: string; fence: number; runnerId: string },
    ) => Promise<FencedReply['outcome']>,
  ): Promise<FencedReply> {
    const { runId, attemptId, fence } = frame;
    const lease = { runId, attemptId, fence, runnerId: this.runner.runnerId };
    const outcome = await this.transaction(operation, (tx) => write(tx, lease));
    if (outcome === 'stale') {
      this.parts.metrics.refused.inc({ operation });
      this.grants.forget(attemptId);
      this.parts.log.warn({ ...lease, operation }, 'a write of a lease that is over was refused');
    }
    return { outcome };
  }

  private async transaction<T>(kind: string, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    const done = this.parts.metrics.transactions.startTimer({ kind });
    try {
      return await this.parts.tenants.transaction(this.runner.tenantId, work);
    } finally {
      done();
    }
  }

  private inOrder<T>(attemptId: string, work: () => Promise<T>): Promise<T> {
    const before = this.chains.get(attemptId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.chains.set(attemptId, settled);
    void settled.then(() => {
      if (this.chains.get(attemptId) === settled) this.chains.delete(attemptId);
    });
    return mine;
  }
}

function offerOf(
  { lease, facts, version, work }: Pick<OfferToPush, 'lease' | 'facts' | 'version' | 'work'>,
  tried: number,
): Offer {
  const { npm, pip } = version.spec.dependencies;
  return {
    attemptId: lease.attemptId,
    fence: lease.fence,
    grant: lease.grant,
    task: {
      type: work.type,
      config: work.config,
      ...(work.input === undefined ? {} : { input: work.input }),
      ...(work.inputDigest === undefined ? {} : { inputDigest: work.inputDigest }),
      params: work.params,
    },
    pipeline: facts.pipeline,
    environment: facts.environment,
    try: tried,
    bundle: {
      digest: version.spec.bundleDigest,
      ...(npm === undefined ? {} : { npm }),
      ...(pip === undefined ? {} : { pip }),
    },
    secrets: work.secrets,
    connections: [...work.connections],
    variables: work.variables,
    timeoutMs: work.timeoutMs,
    memoryBytes: work.memoryBytes,
    ...(work.sandbox === undefined ? {} : { sandbox: work.sandbox }),
    egressOpen: [...work.egressOpen],
  };
}

/** The runner has redacted already; this is the boundary where it counts, whatever the runner did. */
function redactLines(lines: readonly LogLine[], redactor: Redactor | undefined): readonly LogLine[] {
  if (redactor === undefined || redactor.empty) return lines;
  const clean = lines.map((line) => ({ ...line, text: redactor.redact(line.text) }));
  const joined = clean.map(({ text }) => text).join('\n');
  // What is left now is a secret that spans lines; which of them holds which part does not matter any more.
  return redactor.redact(joined) === joined ? clean : clean.map((line) => ({ ...line, text: redactor.redact(joined) }));
}

function redactEnd(end: Frame<'end'>['end'], redactor: Redactor | undefined): Frame<'end'>['end'] {
  if (redactor === undefined || redactor.empty) return end;
  const { error, output, reason } = end;
  return {
    ...end,
    ...(reason === undefined ? {} : { reason: redactor.redact(reason) }),
    ...(output === undefined ? {} : { output: redactor.redactJson(output) }),
    ...(error === undefined
      ? {}
      : {
          error: {
            name: redactor.redact(error.name),
            message: redactor.redact(error.message),
            ...(error.stack === undefined ? {} : { stack: redactor.redact(error.stack) }),
          },
        }),
  };
}

/** Outputs are spliced into others' inputs as text, so they have to be JSON. */
function checkJson(output: string | undefined): void {
  if (output === undefined) return;
  try {
    JSON.parse(output);
  } catch (cause) {
    throw new DomainError('invalid', 'output.not_json', 'the output of an attempt is one JSON document', { cause });
  }
}
