import {
  AttemptDelivery,
  MailboxTransport,
  type MailTransport,
  NoMailTransport,
  RecordMissedDeadline,
  RecordRunEnd,
  RecoverAlerts,
  SmtpTransport,
  TellAlert,
  timingOf,
  WebhookSecrets,
} from '@millrace/alerts';
import type { ControlDatabase, TenantDatabase } from '@millrace/database';
import { type Clock, systemClock } from '@millrace/kernel';
import { type Logger, readEgressOpenings } from '@millrace/platform';
import { EgressGuard } from '@millrace/sandbox';
import { connectNative, RenewedWorker, type TemporalTarget } from '@millrace/temporal';
import { SealedText } from '@millrace/tenancy';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { AlertsConfig } from '../config.js';
import { alertDebtKinds, mailDebtKinds, OutboxRelay } from '../outbox-relay.js';
import { AlertDebts } from './alert-debts.js';
import { deliveryActivities } from './delivery-activities.js';
import { GuardedWebhooks } from './guarded-webhooks.js';
import { MailDebts } from './mail-debts.js';
import { StartDelivery } from './start-delivery.js';

export interface AlertingParts {
  readonly config: AlertsConfig;
  readonly control: ControlDatabase;
  readonly tenants: TenantDatabase;
  readonly temporal: TemporalTarget;
  /** The client of the workflow worker, once it is connected. */
  readonly client: () => Client;
  readonly queues: { readonly workflows: string; readonly deliveries: string };
  readonly log: Logger;
  readonly clock?: Clock;
}

/** Deliveries that are under way at the same time; each waits for its receiver, 15 s at most. */
const deliveriesAtOnce = 50;

/** Counts, tells and delivers: the relays of what people are owed, and the worker that carries deliveries out. */
export class Alerting {
  private constructor(
    private readonly relays: readonly { wake(): void; stop(): Promise<void> }[],
    private readonly worker: RenewedWorker,
    private readonly closeMail: () => void,
  ) {}

  /** Rejects when Temporal cannot be reached. */
  static async start(parts: AlertingParts): Promise<Alerting> {
    const { config, control, tenants, client, queues, log, clock = systemClock } = parts;
    const { mail, close } = mailTransport(config, control, log);
    const tell = new TellAlert(config.publicUrl, clock);
    const recover = new RecoverAlerts(tell);
    const timing = timingOf(config.windowMs);
    const attempt = new AttemptDelivery({
      tenants,
      mail,
      webhooks: new GuardedWebhooks({
        guard: new EgressGuard(),
        openings: await readEgressOpenings(config.egressOpenFile),
        allowPlain: !config.production,
      }),
      secrets: new WebhookSecrets(new SealedText(config.masterKey, 'webhook-secrets')),
      consoleUrl: config.publicUrl,
      clock,
    });
    const worker = await deliveryWorker(parts, attempt);
    const debts = new AlertDebts({
      tenants,
      recordRunEnd: new RecordRunEnd(recover, timing, clock),
      recordMissedDeadline: new RecordMissedDeadline(recover, timing, clock),
      tell,
      startDelivery: new StartDelivery(client, queues),
    });
    const mails = new MailDebts(mail, log);
    const alertRelay = new OutboxRelay({
      control,
      kinds: alertDebtKinds,
      pay: (_, debt) => debts.pay(debt),
      log,
      // Few at once: they share the connections of the run workflows' activities.
      lanes: 1,
      batchSize: 4,
    });
    const mailRelay = new OutboxRelay({
      control,
      kinds: mailDebtKinds,
      pay: (_, debt) => mails.pay(debt),
      log,
      lanes: 1,
      batchSize: 4,
    });
    alertRelay.start();
    mailRelay.start();
    return new Alerting([alertRelay, mailRelay], worker, close);
  }

  /** Settles when the worker ends; rejects when it failed. */
  get ended(): Promise<void> {
    return this.worker.ended;
  }

  /** There may be something new to pay. */
  wake(): void {
    for (const relay of this.relays) relay.wake();
  }

  /** Finishes what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.stop()));
    this.worker.shutdown();
    await this.worker.ended.catch(() => undefined);
    this.closeMail();
  }
}

function mailTransport(
  config: AlertsConfig,
  control: ControlDatabase,
  log: Logger,
): { readonly mail: MailTransport; readonly close: () => void } {
  if (config.smtpUrl !== undefined) {
    const smtp = new SmtpTransport({ url: config.smtpUrl, from: config.mailFrom });
    return { mail: smtp, close: () => smtp.close() };
  }
  if (config.mailbox) return { mail: new MailboxTransport(control), close: () => undefined };
  log.warn('MILLRACE_SMTP_URL is not set: no mail is sent, and deliveries by e-mail fail');
  return { mail: new NoMailTransport(), close: () => undefined };
}

/** A worker of its own: slow receivers must not keep the local activities of runs from a free place. */
function deliveryWorker({ temporal, queues, log }: AlertingParts, attempt: AttemptDelivery): Promise<RenewedWorker> {
  return RenewedWorker.start({
    log,
    connect: () => connectNative(temporal),
    create: (connection) =>
      Worker.create({
        connection,
        namespace: temporal.namespace,
        taskQueue: queues.deliveries,
        activities: deliveryActivities(attempt),
        maxConcurrentActivityTaskExecutions: deliveriesAtOnce,
        shutdownGraceTime: '5 seconds',
        shutdownForceTime: '20 seconds',
      }),
  });
}
