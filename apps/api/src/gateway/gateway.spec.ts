import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { OfferRoundReport } from '@millrace/contracts';
import { type EndReply, type Offer, type OfferedStretchFrame, wireProtocol } from '@millrace/contracts/wire';
import { channels, ControlDatabase, NotificationListener, openDataSource, TenantDatabase } from '@millrace/database';
import type { RunnerId } from '@millrace/kernel';
import { FileObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import { logger, metrics } from '@millrace/platform';
import {
  AddArtifact,
  AppendLog,
  BeginAttempt,
  EndAttempt,
  KnownRuns,
  LeaseNext,
  OfferAttempt,
  OfferStretches,
  PgAttemptWork,
  type TenantValues,
} from '@millrace/runs';
import {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  seedOrganization,
  seedRun,
  seedRunner,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayMetrics } from './gateway-metrics.js';
import { Gateway, type GatewayOptions } from './gateway.js';
import { Handshake } from './identity.js';
import { specCertificate } from './spec-certificate.js';
import { digestOf, ended, Peer, until } from './spec-peer.js';

const secret = 'hunter2-correct-horse';
const values: TenantValues = {
  secrets: (_tx, _reader, names) => Promise.resolve(Object.fromEntries(names.map((name) => [name, secret]))),
  connections: () => Promise.resolve([]),
  variables: () => Promise.resolve({}),
};

describe('the runner gateway', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let control: ControlDatabase;
  let listener: NotificationListener;
  let folder: string;
  let objects: FileObjectStore;
  let path: string;
  let gateway: Gateway;
  let organization: SeededOrganization;
  let run: SeededRun;
  let runner: RunnerId;
  const closes: (() => Promise<unknown>)[] = [];
  const peers: Peer[] = [];

  const openGateway = async (
    options: Partial<GatewayOptions> = {},
    registry: Registry = new Registry(),
  ): Promise<Gateway> => {
    const log = logger('gateway', { level: 'fatal' });
    const metrics = new GatewayMetrics(registry, control);
    const versions = new VersionCache();
    const works = new PgAttemptWork(objects, values, () => []);
    const runs = new KnownRuns();
    const begin = new BeginAttempt(versions, works, runs);
    const desk = {
      tenants,
      objects,
      begin,
      next: new LeaseNext(versions, works, runs, begin),
      offers: new OfferAttempt(versions, works, runs),
      end: new EndAttempt(),
      append: new AppendLog(objects),
      artifacts: new AddArtifact(objects),
      metrics,
      log,
    };
    const handshake = new Handshake(control, { production: false, allowNoIsolation: true });
    const made = new Gateway(
      { tenants, control, listener, handshake, desk, log },
      { address: { kind: 'unix', path }, graceMs: 200, ...options },
    );
    await made.open();
    return made;
  };

  beforeAll(async () => {
    database = await testDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 10, applicationName: 'spec' });
    const asControl = await openDataSource({ url: database.controlUrl, poolSize: 4, applicationName: 'spec' });
    listener = new NotificationListener({ url: database.appUrl, applicationName: 'spec' });
    await listener.open();
    closes.push(
      () => app.destroy(),
      () => asControl.destroy(),
      () => listener.close(),
    );
    tenants = new TenantDatabase(app);
    control = new ControlDatabase(asControl);
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    path = join(folder, 'gateway.sock');
    objects = await FileObjectStore.open(join(folder, 'objects'));
    gateway = await openGateway();
  });
  afterAll(async () => {
    await gateway.close();
    for (const close of closes) await close();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
    run = await seedRun(database.superuserUrl, organization, { tasks: [{ id: 'a', spec: { secrets: ['KEY'] } }] });
    runner = await seedRunner(database.superuserUrl, organization);
  });
  afterEach(() => {
    for (const peer of peers.splice(0)) peer.socket.destroy();
  });

  const rows = (sql: string) => asSuper(database.superuserUrl, sql, [organization.tenantId]);
  const hello = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
    type: 'hello',
    protocol: wireProtocol,
    runnerId: runner,
    poolId: organization.poolId,
    credential: 'credential',
    tier: 'none',
    slots: 4,
    host: 'here',
    pid: 1,
    uid: 1,
    version: '0',
    ...extra,
  });
  const open = async (): Promise<Peer> => {
    const peer = await Peer.open(path);
    peers.push(peer);
    return peer;
  };
  const greeted = async (extra: Record<string, unknown> = {}): Promise<Peer> => {
    const peer = await open();
    await peer.ask(hello(extra));
    return peer;
  };
  const begin = async (peer: Peer, dispatch = 1): Promise<Offer> => {
    const reply = await peer.ask<{ outcome: string; offer: Offer }>({
      type: 'begin',
      fused: false,
      runId: run.runId,
      taskId: 'a',
      mapIndex: -1,
      dispatch,
      try: 1,
    });
    expect(reply.outcome).toBe('leased');
    return reply.offer;
  };
  const fenced = (offer: Offer) => ({ runId: run.runId, attemptId: offer.attemptId, fence: offer.fence });
  const line = (seq: number, text: string) => ({ seq, at: 1, stream: 'stdout', text });

  it('takes an attempt from begin to end, with its log, and redacts what the runner let through', async () => {
    const peer = await greeted();
    const offer = await begin(peer);
    expect(offer).toMatchObject({ fence: 1, secrets: { KEY: secret }, task: { type: 'shell', input: 'null' } });
    const base64 = Buffer.from(`x${secret}`).toString('base64');
    const lines = [line(1, `plain`), line(2, `it is ${secret}!`), line(3, base64)];
    expect(await peer.ask({ type: 'log', ...fenced(offer), lines })).toEqual({ outcome: 'ok' });
    const end = ended({ output: `{"a":"${secret}"}`, lastLogSeq: 3 });
    const replies = await Promise.all([
      peer.ask({ type: 'end', ...fenced(offer), end }),
      peer.ask({ type: 'end', ...fenced(offer), end }),
    ]);
    expect(replies).toEqual([{ outcome: 'ok' }, { outcome: 'duplicate' }]);

    const [attempt] = await rows('select state, output from attempts where tenant_id = $1');
    expect(attempt).toEqual({ state: 'succeeded', output: '{"a":"[redacted]"}' });
    const [chunk] = await rows('select lines from log_chunks where tenant_id = $1');
    expect(chunk?.['lines']).toContain('it is [redacted]!');
    expect(chunk?.['lines']).not.toContain(secret);
    expect(chunk?.['lines']).not.toContain(base64.slice(4, -4));
    const [registered] = await rows('select state, tier, host from runners where tenant_id = $1');
    expect(registered).toEqual({ state: 'ready', tier: 'none', host: 'here' });
  });

  describe('stretches', () => {
    const chainOf = async (length: number): Promise<void> => {
      // What an older run has ready would go first.
      await rows(`update task_instances set state = 'cancelled' where tenant_id = $1`);
      const tasks = Array.from({ length }, (_, at) => ({
        id: `t${at}`,
        needs: at === 0 ? [] : [`t${at - 1}`],
        fuse: at === 0 ? ('begins' as const) : ('follows' as const),
        spec: { input: at === 0 ? 0 : `\${{ tasks.t${at - 1}.output.n }}` },
      }));
      run = await seedRun(database.superuserUrl, organization, { tasks });
    };
    const lease = async (): Promise<OfferRoundReport> =>
      tenants.transaction(organization.tenantId, (tx) =>
        new OfferStretches(new VersionCache(), new KnownRuns(), true).execute(tx, {
          runId: run.runId,
          stretches: [{ pool: 'default', heads: [{ taskId: 't0', mapIndex: -1, dispatch: 1, try: 1 }], fused: true }],
          firstDispatch: 1,
          lease: true,
        }),
      );
    const nextOf = (taskId: string) => ({ runId: run.runId, taskId, mapIndex: -1, dispatch: 1, try: 1 });

    it('pushes what was leased to the runner, and answers each end with the next offer', async () => {
      await chainOf(3);
      const peer = await greeted();
      await lease();
      const pushed = await peer.next<{ stretch: OfferedStretchFrame }>('offer');
      expect(pushed.stretch).toMatchObject({ first: { taskId: 't0' }, heads: [], followers: [{ taskId: 't1' }, {}] });
      let { offer } = pushed.stretch;
      for (const [at, taskId] of ['t1', 't2'].entries()) {
        const end = ended({ output: `{"n":${at + 7}}`, lastLogSeq: 1 });
        const frame = { type: 'end', ...fenced(offer), end, lines: [line(1, 'x')], next: nextOf(taskId) };
        const reply = await peer.ask<EndReply>(frame);
        if (reply.next?.outcome !== 'leased') throw new Error(JSON.stringify(reply));
        // A repeat over a new connection gives the same lease, under another handle.
        const again = await peer.ask<EndReply>(frame);
        expect(again).toMatchObject({ outcome: 'duplicate', next: { outcome: 'leased' } });
        if (again.next?.outcome !== 'leased') throw new Error('no lease');
        expect(again.next.offer.attemptId).toBe(reply.next.offer.attemptId);
        offer = again.next.offer;
        expect(offer.task.input).toBe(String(at + 7));
      }
      expect(await peer.ask({ type: 'end', ...fenced(offer), end: ended({ lastLogSeq: 0 }) })).toEqual({
        outcome: 'ok',
      });
      expect((await lease()).standings).toEqual([{ state: 'over' }]);
      // Told of the end of a run once, and only where something of it was executed.
      await tenants.transaction(organization.tenantId, (tx) =>
        tx.query('select pg_notify($1, $2), pg_notify($1, $3)', [channels.endedRuns, 'run_other', run.runId]),
      );
      expect(await peer.next('run.ended')).toEqual({ type: 'run.ended', runId: run.runId });
    });

    it('ends what is declined as lost, free of charge, and lets nobody decline for another', async () => {
      await chainOf(1);
      const peer = await greeted();
      await lease();
      const { offer } = (await peer.next<{ stretch: OfferedStretchFrame }>('offer')).stretch;
      const other = await seedRunner(database.superuserUrl, organization);
      const stranger = await greeted({ runnerId: other });
      const decline = { type: 'decline', ...fenced(offer), reason: 'draining' };
      expect(await stranger.ask(decline)).toEqual({ outcome: 'stale' });
      expect(await peer.ask(decline)).toEqual({ outcome: 'ok' });
      expect(await rows('select state, reason from attempts where tenant_id = $1')).toEqual([
        { state: 'lost', reason: 'declined' },
      ]);
      expect(await rows('select amount_nano::int as amount from ledger_entries where tenant_id = $1')).toEqual([
        { amount: 0 },
      ]);
      expect(await rows('select 1 from slots where tenant_id = $1')).toEqual([]);
    });
  });

  it('refuses who is not registered, has another credential or pool, or was given up', async () => {
    for (const extra of [
      { runnerId: 'rnr_00000000000000000000000000' },
      { credential: 'wrong' },
      { poolId: 'pool_other' },
    ]) {
      const peer = await open();
      await expect(peer.ask(hello(extra))).rejects.toMatchObject({ code: 'hello.refused', retryable: false });
      await peer.closed;
    }
    await rows(`update runners set state = 'ended' where tenant_id = $1`);
    await expect((await open()).ask(hello())).rejects.toMatchObject({ code: 'hello.ended' });
  });

  it('refuses a machine of a lower tier than the pool demands', async () => {
    await rows(`update pools set min_tier = 'standard' where tenant_id = $1`);
    await expect((await open()).ask(hello())).rejects.toMatchObject({ code: 'hello.tier_too_low' });
    await (await open()).ask(hello({ tier: 'standard' }));
  });

  it('lets no second organization run without a sandbox, but the sample', async () => {
    const strict = new Handshake(control, { production: false, allowNoIsolation: false });
    const admit = async (of: SeededOrganization): Promise<unknown> =>
      strict.admit({
        ...(hello({
          runnerId: await seedRunner(database.superuserUrl, of),
          poolId: of.poolId,
        }) as unknown as Parameters<Handshake['admit']>[0]),
      });
    await rows(`update runners set tier = 'standard' where tenant_id <> $1`);
    await asSuper(database.superuserUrl, `update runners set tier = 'standard'`);
    await admit(organization);
    await expect(admit(await seedOrganization(database.superuserUrl))).rejects.toMatchObject({
      code: 'hello.no_isolation',
    });
    await admit(await seedOrganization(database.superuserUrl, { slug: 'sample' }));
    await admit(organization);
  });

  it.each([
    ['what is not JSON', 'nonsense\n', 'frame.not_json'],
    ['a frame of no known type', '{"type":"drop table"}\n', 'frame.invalid'],
    ['an unknown field', '{"type":"ping","x":1}\n', 'frame.invalid'],
    ['a line without end', 'x'.repeat(1024 * 1024 + 1), 'frame.too_large'],
  ])('closes the connection of a peer that sends %s, and no other', async (_what, text, code) => {
    const good = await greeted();
    const other = await seedRunner(database.superuserUrl, organization);
    const bad = await greeted({ runnerId: other });
    bad.raw(text);
    await bad.closed;
    expect(bad.pushed).toContainEqual(expect.objectContaining({ type: 'error', code }));
    expect((await begin(good)).fence).toBe(1);
  });

  it('closes the connection of a peer that comes before its hello, or says it twice', async () => {
    const early = await open();
    early.raw('{"type":"ping"}\n');
    await early.closed;
    const twice = await greeted();
    twice.raw(`${JSON.stringify({ ...hello(), id: 9 })}\n`);
    await twice.closed;
    expect(twice.pushed).toContainEqual(expect.objectContaining({ code: 'frame.out_of_order' }));
  });

  it('survives random bytes', async () => {
    let state = 42;
    const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    for (let round = 0; round < 30; round += 1) {
      const peer = await open();
      const bytes = Buffer.from(
        Array.from({ length: 200 + Math.floor(random() * 3_000) }, () => Math.floor(random() * 256)),
      );
      peer.socket.write(bytes);
      peer.raw('\n');
      await peer.closed;
    }
    expect((await begin(await greeted())).fence).toBe(1);
  });

  it('does not read from a peer that does not read its answers', async () => {
    const content = 'y'.repeat(3_000_000);
    const { digest } = await objects.put(organization.tenantId, Buffer.from(content));
    run = await seedRun(database.superuserUrl, organization, { bundleDigest: digest });
    const peer = await greeted();
    const offer = await begin(peer);
    peer.socket.pause();
    // More than socket buffers hold: 400 answers of half a megabyte.
    for (let id = 1_000; id < 1_400; id += 1) {
      peer.raw(`${JSON.stringify({ type: 'blob.read', id, grant: offer.grant, digest, offset: 0 })}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().external).toBeLessThan(400_000_000);
    peer.socket.resume();
    await until(() => peer.pushed.filter((answer) => answer.type === 'reply').length === 400, 20_000);
  });

  it('reads and writes blobs by handle, in order and to the digest', async () => {
    const content = 'z'.repeat(900_000);
    const { digest } = await objects.put(organization.tenantId, Buffer.from(content));
    run = await seedRun(database.superuserUrl, organization, { bundleDigest: digest });
    const peer = await greeted();
    const offer = await begin(peer);
    let read = '';
    for (let last = false; !last;) {
      const part = await peer.ask<{ data: string; last: boolean; totalBytes: number }>({
        type: 'blob.read',
        grant: offer.grant,
        digest,
        offset: read.length,
      });
      read += Buffer.from(part.data, 'base64').toString();
      last = part.last;
      expect(part.totalBytes).toBe(900_000);
    }
    expect(read).toBe(content);
    const foreign = await objects.put(organization.tenantId, Buffer.from('of another run'));
    const ask = (grant: string, of: string) => peer.ask({ type: 'blob.read', grant, digest: of, offset: 0 });
    await expect(ask(offer.grant, foreign.digest)).rejects.toMatchObject({ code: 'object.not_found' });
    await expect(ask(`${offer.attemptId}.guessed`, digest)).rejects.toMatchObject({ code: 'grant.unknown' });

    const write = (offset: number, text: string, last?: string) =>
      peer.ask({
        type: 'blob.write',
        grant: offer.grant,
        upload: 'u1',
        offset,
        data: Buffer.from(text).toString('base64'),
        ...(last === undefined ? {} : { last }),
      });
    await write(0, 'one ');
    expect(await write(4, 'two', digestOf('one two'))).toEqual({ receivedBytes: 7 });
    expect((await objects.get(organization.tenantId, digestOf('one two'))).toString()).toBe('one two');
    await expect(write(0, 'other', digestOf('not it'))).rejects.toMatchObject({ code: 'upload.digest_mismatch' });

    const artifact = { type: 'artifact', ...fenced(offer), name: 'out.txt', contentType: 'text/plain' };
    expect(await peer.ask({ ...artifact, sizeBytes: 7, digest: digestOf('one two') })).toEqual({ outcome: 'ok' });
    await peer.ask({ type: 'end', ...fenced(offer), end: ended() });
    await expect(ask(offer.grant, digest)).rejects.toMatchObject({ code: 'grant.unknown' });
    await expect(write(7, 'out of order')).rejects.toThrow();
  });

  it('knows its attempts again after a restart: handles, secrets, fence', async () => {
    const peer = await greeted();
    const offer = await begin(peer);
    await gateway.close();
    gateway = await openGateway();
    const again = await greeted();
    expect(await again.ask({ type: 'log', ...fenced(offer), lines: [line(1, `still ${secret}`)] })).toEqual({
      outcome: 'ok',
    });
    const [chunk] = await rows('select lines from log_chunks where tenant_id = $1');
    expect(chunk?.['lines']).toContain('still [redacted]');
    const digest = digestOf('o');
    await again.ask({
      type: 'blob.write',
      grant: offer.grant,
      upload: 'x',
      offset: 0,
      data: Buffer.from('o').toString('base64'),
      last: digest,
    });
    expect(await again.ask({ type: 'end', ...fenced(offer), end: ended() })).toEqual({ outcome: 'ok' });
    expect(await rows(`select 1 from refusals where tenant_id = $1`)).toHaveLength(0);
  });

  it('tells the runs of a runner that is gone, but not of one that comes back in time', async () => {
    const peer = await greeted();
    await begin(peer);
    peer.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const back = await greeted();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await rows('select 1 from outbox where tenant_id = $1')).toHaveLength(0);
    back.socket.destroy();
    await until(async () => (await rows('select 1 from outbox where tenant_id = $1')).length === 1);
    const [owed] = await rows('select kind, subject from outbox where tenant_id = $1');
    expect(owed).toEqual({ kind: 'runner_lost', subject: run.runId });
    await expect((await open()).ask(hello())).rejects.toMatchObject({ code: 'hello.ended' });
  });

  it('waits for no runner whose process has ended', async () => {
    const patient = await openGateway({ address: { kind: 'unix', path: `${path}.patient` }, graceMs: 60_000 });
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      const peer = await Peer.open(`${path}.patient`);
      peers.push(peer);
      await peer.ask(hello({ pid: child.pid }));
      await begin(peer);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      peer.socket.destroy();
      await until(async () => (await rows('select 1 from outbox where tenant_id = $1')).length === 1);
    } finally {
      child.kill('SIGKILL');
      await patient.close();
    }
  });

  it('refuses the late writes of a lease that was given to another runner, and says so once to each', async () => {
    const first = await greeted();
    const late = await begin(first);
    const other = await seedRunner(database.superuserUrl, organization);
    const second = await greeted({ runnerId: other });
    const offer = await begin(second, 2);
    expect(offer.fence).toBe(2);
    expect(await first.ask({ type: 'log', ...fenced(late), lines: [line(1, 'late')] })).toEqual({ outcome: 'stale' });
    expect(await first.ask({ type: 'end', ...fenced(late), end: ended() })).toEqual({ outcome: 'stale' });
    expect(await second.ask({ type: 'end', ...fenced(offer), end: ended() })).toEqual({ outcome: 'ok' });
    const refusals = await rows('select operation, fence from refusals where tenant_id = $1 order by id');
    expect(refusals).toEqual([
      { operation: 'log', fence: 1 },
      { operation: 'end', fence: 1 },
    ]);
  });

  it('hands a cancellation on as soon as it is committed', async () => {
    const peer = await greeted();
    const offer = await begin(peer);
    await rows('update runs set cancel_requested_at = now() where tenant_id = $1');
    await asSuper(database.superuserUrl, 'select pg_notify($1, $2)', ['cancelled_runs', run.runId]);
    await until(() => peer.pushed.some((answer) => answer.type === 'cancel' && answer.attemptId === offer.attemptId));
  });

  it('stops what was leased before a cancellation and becomes known after it', async () => {
    const peer = await greeted();
    await asSuper(database.superuserUrl, 'select pg_notify($1, $2)', ['cancelled_runs', run.runId]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(peer.pushed).toEqual([]);
    const offer = await begin(peer);
    await until(() => peer.pushed.some((answer) => answer.type === 'cancel' && answer.attemptId === offer.attemptId));
  });

  it('speaks TLS on a port, and nothing else there', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const secure = await openGateway({ address: { kind: 'tcp', host: '127.0.0.1', port }, tls: specCertificate });
    const socket = connectTls({ host: '127.0.0.1', port, ca: specCertificate.cert, servername: 'localhost' });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    const peer = new Peer(socket);
    peers.push(peer);
    await peer.ask(hello());
    expect((await begin(peer)).fence).toBe(1);
    const plain = new Peer(connect(port, '127.0.0.1'));
    plain.raw(`${JSON.stringify({ ...hello(), id: 1 })}\n`);
    await plain.closed;
    expect(plain.pushed).toEqual([]);
    await secure.close();
  });

  it('counts live leases, ends, refusals, leaked slots and the time to the first instruction', async () => {
    const registry = new Registry();
    await gateway.close();
    gateway = await openGateway({}, registry);
    const peer = await greeted();
    const offer = await begin(peer);
    const during = await registry.metrics();
    expect(during).toMatch(/millrace_gateway_connections 1/);
    expect(Number(/millrace_attempts_live (\d+)/.exec(during)?.[1])).toBeGreaterThan(0);
    await peer.ask({ type: 'end', ...fenced(offer), end: ended() });
    await peer.ask({ type: 'log', ...fenced(offer), lines: [line(1, 'late')] });
    const after = await registry.metrics();
    expect(after).toContain('millrace_attempts_ended_total{state="succeeded"} 1');
    expect(after).toContain('millrace_refusals_total{operation="log"} 1');
    expect(after).toContain('millrace_attempt_start_seconds_count{way="queued"} 1');
    expect(await metrics.metrics()).toContain(`millrace_run_start_seconds_count{pool="${organization.poolId}"} 1`);
    expect(after).toContain('millrace_slots_leaked 0');
    await rows(`insert into slots (tenant_id, attempt_id, run_id, pool_id)
      select tenant_id, id, run_id, pool_id from attempts where tenant_id = $1`);
    expect(await registry.metrics()).toContain('millrace_slots_leaked 1');
    await rows('delete from slots where tenant_id = $1');
  });

  it('is not opened twice at one place, and takes over the socket of a process that was killed', async () => {
    await expect(openGateway()).rejects.toMatchObject({ code: 'gateway.address_in_use' });
  });
});
