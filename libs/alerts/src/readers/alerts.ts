import type { TenantTransaction } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import { type AlertRow, alertColumns, toAlert } from '../adapters/pg/pg-alert.js';
import type { Alert, AlertEvent, AlertState } from '../alert.js';
import { ownerOf } from '../use-cases/tell-alert.js';

/** An alert with the names that people know its parts by. */
export interface ListedAlert extends Alert {
  readonly environment: string;
  readonly pipeline: string;
  readonly version: number;
  /** Who deployed the version of the newest failure. */
  readonly owner: string | null;
}

type ListedRow = AlertRow & Omit<ListedAlert, keyof Alert>;

const select = `
  select ${alertColumns}, e.slug as environment, p.name as pipeline, v.number as version, ${ownerOf('v')} as owner
  from alerts a
  join environments e on e.tenant_id = $1 and e.id = a.environment_id
  join pipelines p on p.tenant_id = $1 and p.id = a.pipeline_id
  join pipeline_versions v on v.tenant_id = $1 and v.id = a.version_id`;

function toListed(row: ListedRow): ListedAlert {
  const { environment, pipeline, version, owner, ...alert } = row;
  return { ...toAlert(alert), environment, pipeline, version, owner };
}

/** The alert, or undefined where the tenant has none of this id. */
export async function findAlert(tx: TenantTransaction, id: string): Promise<ListedAlert | undefined> {
  const [row] = await tx.query<ListedRow>(`${select} where a.tenant_id = $1 and a.id = $2`, [tx.tenantId, id]);
  return row === undefined ? undefined : toListed(row);
}

export interface AlertFilter {
  readonly environmentId: EnvironmentId;
  /** Id or name. */
  readonly pipeline?: string | undefined;
  readonly state?: AlertState | undefined;
  readonly event?: AlertEvent | undefined;
  /** The id of the last alert of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listAlerts(tx: TenantTransaction, filter: AlertFilter): Promise<ListedAlert[]> {
  const rows = await tx.query<ListedRow>(
    `${select}
     where a.tenant_id = $1 and a.environment_id = $2 and ($3::text is null or p.id = $3 or p.name = $3)
       and ($4::text is null or a.state = $4) and ($5::text is null or a.event = $5) and ($6::text is null or a.id < $6)
     order by a.id desc limit $7`,
    [
      ...[tx.tenantId, filter.environmentId, filter.pipeline ?? null, filter.state ?? null],
      ...[filter.event ?? null, filter.after ?? null, filter.limit],
    ],
  );
  return rows.map(toListed);
}
