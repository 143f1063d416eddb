import { connect, createServer, type Server } from 'node:net';
import {
  channels,
  ControlDatabase,
  NotificationListener,
  openDataSource,
  TenantDatabase,
  type TenantTransaction,
} from '@millrace/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuper, seedOrganization, type SeededOrganization } from './seed.js';
import { type TestDatabase, testDatabase } from './test-database.js';

type Source = Awaited<ReturnType<typeof openDataSource>>;

/** A way to the server that counts how often the client waits for an answer. */
class Road {
  trips = 0;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async to(databaseUrl: string): Promise<Road> {
    const target = new URL(databaseUrl);
    const server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      let asking = false;
      near.on('data', (bytes) => {
        if (!asking) road.trips += 1;
        asking = true;
        far.write(bytes);
      });
      far.on('data', (bytes) => {
        asking = false;
        near.write(bytes);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const url = new URL(databaseUrl);
    url.port = String(address.port);
    const road = new Road(url.href, server);
    return road;
  }

  async count(work: () => Promise<unknown>): Promise<number> {
    this.trips = 0;
    await work();
    return this.trips;
  }

  close(): void {
    this.server.close();
  }
}

let database: TestDatabase;
let road: Road;
let controlRoad: Road;
let source: Source;
let controlSource: Source;
let tenants: TenantDatabase;
let control: ControlDatabase;
let a: SeededOrganization;
let b: SeededOrganization;

beforeAll(async () => {
  database = await testDatabase();
  [a, b] = [await seedOrganization(database.superuserUrl), await seedOrganization(database.superuserUrl)];
  [road, controlRoad] = [await Road.to(database.appUrl), await Road.to(database.controlUrl)];
  // One connection: whatever a transaction leaves behind meets the next one.
  source = await openDataSource({ url: road.url, poolSize: 1, applicationName: 'spec' });
  controlSource = await openDataSource({ url: controlRoad.url, poolSize: 1, applicationName: 'spec' });
  tenants = new TenantDatabase(source);
  control = new ControlDatabase(controlSource);
});

afterAll(async () => {
  await source.destroy();
  await controlSource.destroy();
  road.close();
  controlRoad.close();
  await database.drop();
});

const slugs = async (tx: TenantTransaction): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from organizations')).map(({ id }) => id);
const setVariable = (tx: TenantTransaction, name: string): Promise<unknown> =>
  tx.query(`insert into variables (tenant_id, id, environment_id, name, value) values ($1, $2, $3, $2, 'x')`, [
    a.tenantId,
    name,
    a.environmentId,
  ]);
const variables = async (): Promise<unknown[]> =>
  (await asSuper<{ name: string }>(database.superuserUrl, 'select name from variables order by name')).map(
    ({ name }) => name,
  );

describe('a transaction of a tenant', () => {
  it('sees its own rows, and leaves no tenant behind on the connection', async () => {
    expect(await tenants.transaction(a.tenantId, slugs)).toEqual([a.tenantId]);
    expect(await tenants.read(b.tenantId, slugs)).toEqual([b.tenantId]);
    expect(await source.query('select id from organizations')).toEqual([]);
    expect(await tenants.read(`x'; set local role millrace_owner; --` as typeof a.tenantId, slugs)).toEqual([]);
  });

  it('keeps everything or nothing, and calls its hooks after the commit alone', async () => {
    const called: string[] = [];
    await tenants.transaction(a.tenantId, async (tx) => {
      tx.afterCommit(() => void called.push('kept'));
      await setVariable(tx, 'kept');
      expect(called).toEqual([]);
    });
    const failed = tenants.transaction(a.tenantId, async (tx) => {
      tx.afterCommit(() => void called.push('lost'));
      await setVariable(tx, 'lost');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect([called, await variables()]).toEqual([['kept'], ['kept']]);
  });

  it('fails where a failed statement was overlooked', async () => {
    const overlooked = tenants.transaction(a.tenantId, async (tx) => {
      await setVariable(tx, 'overlooked');
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(overlooked).rejects.toThrow('rolled back');
    expect(await variables()).toEqual(['kept']);
  });

  it('takes no statement after its end', async () => {
    const leaked: TenantTransaction[] = [];
    await tenants.read(a.tenantId, (tx) => Promise.resolve(leaked.push(tx)));
    await expect(tenants.transaction(b.tenantId, async () => slugs(leaked[0] as TenantTransaction))).rejects.toThrow(
      'after its end',
    );
  });

  it('is unavailable when its connection is cut, and the next one is not', async () => {
    const cut = tenants.transaction(a.tenantId, async (tx) => {
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await asSuper(database.superuserUrl, 'select pg_terminate_backend($1)', [row?.pid]);
      await slugs(tx);
    });
    await expect(cut).rejects.toMatchObject({ kind: 'unavailable', code: 'database.unavailable' });
    expect(await tenants.read(a.tenantId, slugs)).toEqual([a.tenantId]);
  });
});

describe('a read', () => {
  it('changes nothing', async () => {
    await expect(tenants.read(a.tenantId, (tx) => setVariable(tx, 'read'))).rejects.toMatchObject({ code: '25006' });
    expect(await tenants.read(a.tenantId, slugs)).toEqual([a.tenantId]);
  });
});

describe('hints', () => {
  it('arrive after the commit alone, once each, whether or not the transaction carries them itself', async () => {
    const listener = new NotificationListener({ url: database.appUrl, applicationName: 'spec' });
    await listener.open();
    const heard: string[] = [];
    for (const channel of [channels.outbox, channels.attemptLogs]) {
      await listener.listen(channel, (payload) => void heard.push(`${channel} ${payload}`));
    }
    const waitFor = async (count: number): Promise<void> => {
      for (const until = Date.now() + 5_000; heard.length < count && Date.now() < until;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    try {
      for (const [n, hinting] of [tenants, new TenantDatabase(source, listener)].entries()) {
        heard.length = 0;
        const hint = async (tx: TenantTransaction): Promise<void> => {
          for (const payload of ['x', 'y', 'x']) tx.notify(channels.attemptLogs, payload);
          tx.notify(channels.outbox, 'z');
          await tx.query('select');
          expect(heard).toEqual([]);
        };
        const failed = hinting.transaction(a.tenantId, async (tx) => {
          tx.notify(channels.outbox, 'lost');
          await tx.query('select');
          throw new Error('no');
        });
        await expect(failed).rejects.toThrow('no');
        await hinting.transaction(a.tenantId, hint);
        await waitFor(3);
        expect([n, heard.sort()]).toEqual([n, ['attempt_logs x', 'attempt_logs y', 'outbox z']]);
      }
    } finally {
      await listener.close();
    }
  });
});

describe('round trips', () => {
  it('are one for each statement, and one for a commit that is waited for', async () => {
    await tenants.transaction(a.tenantId, slugs);
    await control.statements((tx) => tx.query('select'));
    expect(await road.count(() => tenants.read(a.tenantId, slugs))).toBe(1);
    // The end of the read before travels too, unless it was faster.
    await tenants.transaction(a.tenantId, slugs);
    expect(await road.count(() => tenants.transaction(a.tenantId, slugs))).toBe(2);
    expect(await controlRoad.count(() => control.statements((tx) => tx.query('select')))).toBe(1);
    expect(await controlRoad.count(() => control.transaction((tx) => tx.query('select')))).toBe(2);
  });
});
