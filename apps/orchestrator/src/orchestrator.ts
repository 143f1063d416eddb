import { deliveryTaskQueue, orchestratorTaskQueue } from '@millrace/contracts';
import { channels, ControlDatabase, NotificationListener, openDataSource, TenantDatabase } from '@millrace/database';
import { openObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import type { Logger } from '@millrace/platform';
import {
  DecideTask,
  EndAbandonedRun,
  KnownRuns,
  LoadRun,
  OfferStretches,
  ProjectTransitions,
  RecallRun,
  ReleaseHeldRuns,
  RestartRun,
  SettleStretch,
} from '@millrace/runs';
import type { Client } from '@temporalio/client';
import type { Clock } from '@millrace/kernel';
import { Alerting } from './alerts/alerting.js';
import { buildActivities } from './build-activities.js';
import { Caretaker } from './caretaker.js';
import type { OrchestratorConfig } from './config.js';
import { controlActivities } from './control-activities.js';
import { maintenanceActivities } from './maintenance-activities.js';
import { OutboxRelay, type RelayOptions } from './outbox-relay.js';
import { Reconciler } from './reconciler.js';
import { StretchWatch } from './stretch-watch.js';
import { TemporalDebts } from './temporal-debts.js';
import { TemporalLink } from './temporal-link.js';
import { readVariables } from './variables.js';
import { loadBundle } from './workflow-bundle.js';

export interface OrchestratorOptions {
  readonly taskQueue?: string;
  readonly deliveryTaskQueue?: string;
  /** Of alerts and deliveries. */
  readonly clock?: Clock;
  /** Between two rounds of the maintenance workflow, in milliseconds. */
  readonly maintenanceIntervalMs?: number;
  /** Id of the maintenance workflow. */
  readonly maintenanceId?: string;
}

export interface Orchestrator {
  /** Settles when the worker ends: rejects when it failed. */
  readonly ended: Promise<void>;
  /** Rejects with the reason when a part that is needed does not work. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts worker, relay and maintenance. Rejects when Postgres or Temporal cannot be reached. */
export async function startOrchestrator(
  config: OrchestratorConfig,
  log: Logger,
  options: OrchestratorOptions = {},
): Promise<Orchestrator> {
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse().splice(0)) await close();
  };
  try {
    return await assemble(config, log, options, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  config: OrchestratorConfig,
  log: Logger,
  options: OrchestratorOptions,
  closers: (() => Promise<void>)[],
  closeAll: () => Promise<void>,
): Promise<Orchestrator> {
  const pool = { poolSize: config.databasePoolSize, applicationName: 'millrace-orchestrator' };
  const appSource = await openDataSource({ ...pool, url: config.appDatabaseUrl });
  closers.push(() => appSource.destroy());
  const controlSource = await openDataSource({ ...pool, url: config.controlDatabaseUrl });
  closers.push(() => controlSource.destroy());
  const tenants = new TenantDatabase(appSource);
  const control = new ControlDatabase(controlSource);
  const versions = new VersionCache();
  const releaseHeld = new ReleaseHeldRuns(versions);
  const objects = await openObjectStore(config.objectStore);

  // The link needs the activities, one of which asks for the link's client.
  const linked: { link?: TemporalLink } = {};
  const client = (): Client => {
    if (linked.link === undefined) throw new Error('Temporal is not connected yet');
    return linked.link.client;
  };
  const reconciler = new Reconciler({
    client,
    control,
    tenants,
    endAbandoned: new EndAbandonedRun(releaseHeld),
    restartRun: new RestartRun(),
    log,
  });
  const taskQueue = options.taskQueue ?? orchestratorTaskQueue;
  const decideTask = new DecideTask(versions, objects, { variables: readVariables });
  const watch = new StretchWatch();
  const caretaker = new Caretaker({ ...options, client, reconciler, taskQueue, log });
  const link = await TemporalLink.open({
    target: config.temporal,
    bundle: await loadBundle((message) => log.warn(message)),
    activities: {
      ...controlActivities(
        tenants,
        {
          loadRun: new LoadRun(versions),
          recallRun: new RecallRun(versions, decideTask),
          decideTask,
          project: new ProjectTransitions(releaseHeld),
          offerStretches: new OfferStretches(versions, new KnownRuns(), config.ways.includes('offered')),
          settleStretch: new SettleStretch(versions),
        },
        watch,
      ),
      ...buildActivities(tenants, objects),
      ...maintenanceActivities({ control, tenants, reconciler, releaseHeld }),
    },
    log,
    taskQueue,
    onReconnect: () => caretaker.wake(),
  });
  closers.push(() => link.close());
  linked.link = link;

  const relay = new OutboxRelay({
    control,
    pay: debtsOf(client, taskQueue),
    keepsPaid: config.keepsPaidDebts === true,
    log,
  });
  const listener = new NotificationListener({
    url: config.controlDatabaseUrl,
    applicationName: 'millrace-orchestrator-listen',
    onError: (error) => log.warn({ err: error }, 'the listening connection was lost; the relay looks every second'),
  });
  closers.push(() => listener.close());
  await listener.open();
  await watch.listen(listener);
  await listener.listen(channels.outbox, () => relay.wake());
  listener.onReconnect(() => relay.wake());
  relay.start();
  closers.push(() => relay.stop());
  const alerting = await startAlerting({ config, control, tenants, client, taskQueue, log, options });
  if (alerting !== undefined) {
    closers.push(() => alerting.close());
    await listener.listen(channels.notices, () => alerting.wake());
    listener.onReconnect(() => alerting.wake());
  }

  await caretaker.start();
  closers.push(() => caretaker.stop());
  return {
    ended: alerting === undefined ? link.ended : Promise.race([link.ended, alerting.ended]),
    check: async () => {
      await control.transaction((tx) => tx.query('select 1'));
      await link.check();
    },
    close: closeAll,
  };
}

interface AlertingNeeds {
  readonly config: OrchestratorConfig;
  readonly control: ControlDatabase;
  readonly tenants: TenantDatabase;
  readonly client: () => Client;
  readonly taskQueue: string;
  readonly log: Logger;
  readonly options: OrchestratorOptions;
}

async function startAlerting(needs: AlertingNeeds): Promise<Alerting | undefined> {
  const { config, control, tenants, client, taskQueue, log, options } = needs;
  if (config.alerts === undefined) return undefined;
  return Alerting.start({
    config: config.alerts,
    control,
    tenants,
    temporal: config.temporal,
    client,
    queues: { workflows: taskQueue, deliveries: options.deliveryTaskQueue ?? deliveryTaskQueue },
    log,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
}

function debtsOf(client: () => Client, taskQueue: string): RelayOptions['pay'] {
  const debts = new TemporalDebts(client, taskQueue);
  return (tx, debt) => debts.pay(tx, debt);
}
