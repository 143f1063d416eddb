import type { NotifyEvent } from '@millrace/contracts';
import type { AlertMessageType } from '@millrace/contracts/webhook-payload';
import type { TenantTransaction } from '@millrace/database';
import { type Clock, newId, systemClock, type VersionId } from '@millrace/kernel';
import { lockAlert } from '../adapters/pg/pg-alert.js';
import type { Alert } from '../alert.js';
import { type NewDelivery, oweDeliveries } from '../delivery.js';
import { alertMail, alertPayload, type AlertFacts, slackMessage } from '../message.js';
import { findTargets, type Target } from '../targets.js';

/** Turns what is due of an alert into deliveries. */
export class TellAlert {
  constructor(
    /** How people reach the console, without a slash at the end. */
    private readonly consoleUrl: string,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Called when the timer of an alert rings. Gives the milliseconds that are left where it rang too early. */
  async execute(tx: TenantTransaction, alertId: string): Promise<number | undefined> {
    const alert = await lockAlert(tx, alertId);
    if (alert === undefined || alert.dueAt === null) return undefined;
    const now = this.clock.now();
    const early = alert.dueAt.getTime() - now.getTime();
    if (early > 0) return early;
    await this.send(tx, alert, `alert.${alert.event}`, alert.event, alert.versionId);
    await tx.query(
      `update alerts set messages = messages + 1, told_at = $3, told_failures = failures, due_at = null
       where tenant_id = $1 and id = $2`,
      [tx.tenantId, alert.id, now],
    );
    if (alert.state === 'recovered') await this.recovery(tx, { ...alert, messages: alert.messages + 1 });
    return undefined;
  }

  /** Says that a cause is gone, by the rules of the version that succeeded. */
  async recovery(tx: TenantTransaction, alert: Alert): Promise<void> {
    const [run] = await tx.query<{ version: VersionId }>(
      `select version_id as version from runs where tenant_id = $1 and id = $2`,
      [tx.tenantId, alert.recoveredBy],
    );
    await this.send(tx, alert, 'alert.recovered', 'recovered', run?.version ?? alert.versionId);
  }

  private async send(
    tx: TenantTransaction,
    alert: Alert,
    type: AlertMessageType,
    event: NotifyEvent,
    versionId: VersionId,
  ): Promise<void> {
    const targets = await findTargets(tx, { environmentId: alert.environmentId, versionId }, event);
    if (targets.length === 0) return;
    const facts = { ...(await readFacts(tx, alert)), consoleUrl: this.consoleUrl };
    const payload = alertPayload(type, alert, facts, this.clock.now());
    const mail = JSON.stringify(alertMail(payload));
    const messageId = newId('message');
    const base = { environmentId: alert.environmentId, messageId, type, alertId: alert.id, createdBy: 'system' };
    await oweDeliveries(
      tx,
      targets.map((target): NewDelivery => {
        if (target.channel === 'email') {
          return { ...base, channel: 'email', target: target.address, webhookId: null, payload: mail };
        }
        const { name, webhook } = target;
        const body = webhook?.format === 'slack' ? slackMessage(payload) : payload;
        const refusal = refusalOf(target);
        return {
          ...base,
          channel: 'webhook',
          target: name,
          webhookId: webhook?.id ?? null,
          payload: JSON.stringify(body),
          ...(refusal === undefined ? {} : { refusal }),
        };
      }),
    );
  }
}

function refusalOf({ name, webhook }: Extract<Target, { channel: 'webhook' }>): string | undefined {
  if (webhook === null) return `the environment has no webhook "${name}"`;
  return webhook.disabled ? 'the webhook is switched off' : undefined;
}

interface FactsRow {
  readonly organization_slug: string;
  readonly organization_name: string;
  readonly environment: string;
  readonly pipeline: string;
  readonly version: number;
  readonly owner: string | null;
}

async function readFacts(tx: TenantTransaction, alert: Alert): Promise<Omit<AlertFacts, 'consoleUrl'>> {
  const [row] = await tx.query<FactsRow>(
    `select o.slug as organization_slug, o.name as organization_name, e.slug as environment, p.name as pipeline,
       v.number as version, ${ownerOf('v')} as owner
     from organizations o
     join environments e on e.tenant_id = $1 and e.id = $2
     join pipelines p on p.tenant_id = $1 and p.id = $3
     join pipeline_versions v on v.tenant_id = $1 and v.id = $4
     where o.id = $1`,
    [tx.tenantId, alert.environmentId, alert.pipelineId, alert.versionId],
  );
  if (row === undefined) throw new Error('the pipeline of an alert is missing');
  return {
    organization: { id: tx.tenantId, slug: row.organization_slug, name: row.organization_name },
    environment: { id: alert.environmentId, slug: row.environment },
    pipeline: { id: alert.pipelineId, name: row.pipeline },
    version: row.version,
    owner: row.owner ?? 'unknown',
  };
}

/** Who deployed a version: the address of a member, the name of a key, else the id of who it was. */
export function ownerOf(version: string): string {
  return `(select coalesce(
      (select u.email from users u where u.id = d.created_by),
      (select k.name from api_keys k where k.tenant_id = d.tenant_id and k.id = d.created_by), d.created_by)
    from deployments d where d.tenant_id = ${version}.tenant_id and d.id = ${version}.deployment_id)`;
}
