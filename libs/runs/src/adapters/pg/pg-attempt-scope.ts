import type { TenantTransaction } from '@millrace/database';
import { outputsNeeded, type Reference, type TaskScope } from '@millrace/expressions';
import { DomainError } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';

/** The most that the outputs which one task's expressions look at may have together, in bytes of JSON text. */
const maxScopeBytes = 64 * 1024 * 1024;

interface InstanceRow {
  task_id: string;
  map_index: number;
  state: string;
  map_length: number | null;
  attempt_state: string | null;
  output: string | null;
  output_digest: string | null;
  output_bytes: string | null;
}

/**
 * What expressions may know of other tasks of the run: their states, and the outputs that the references name. The
 * output of a mapped task is the list of its instances' outputs, null where an instance has none.
 */
export async function readTaskScopes(
  tx: TenantTransaction,
  objects: ObjectStore,
  runId: string,
  references: readonly Reference[],
): Promise<Record<string, TaskScope>> {
  const ids = [...new Set(references.filter(({ root }) => root === 'tasks').map(({ path }) => path[0] ?? ''))];
  if (ids.length === 0) return {};
  const withOutput = new Set(outputsNeeded(references));
  // The newest attempt speaks where its end is committed and the projection of the instance is still to come.
  const rows = await tx.query<InstanceRow>(
    `select ti.task_id, ti.map_index, ti.state, ti.map_length, a.state as attempt_state,
       case when ti.task_id = any($4::text[]) then a.output end as output, a.output_digest, a.output_bytes
     from task_instances ti
     left join lateral (
       select state, output, output_digest, output_bytes from attempts
       where tenant_id = $1 and run_id = $2 and task_id = ti.task_id and map_index = ti.map_index
       order by fence desc limit 1) a on true
     where ti.tenant_id = $1 and ti.run_id = $2 and ti.task_id = any($3::text[])
     order by ti.task_id, ti.map_index`,
    [tx.tenantId, runId, ids, [...withOutput]],
    'read_task_scopes',
  );
  refuseTooMuch(rows.filter((row) => withOutput.has(row.task_id)));
  const scopes: Record<string, TaskScope> = {};
  for (const id of ids) {
    const instances = rows.filter((row) => row.task_id === id);
    const summary = instances.find((row) => row.map_index === -1);
    const mapped = instances.filter((row) => row.map_index >= 0);
    const output = withOutput.has(id) ? await readOutput(tx, objects, summary, mapped) : undefined;
    scopes[id] = { state: stateOf(summary), ...(output === undefined ? {} : { output }) };
  }
  return scopes;
}

const ended: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'cancelled',
};

function stateOf(row: InstanceRow | undefined): string {
  if (row === undefined) return 'waiting';
  return ended[row.attempt_state ?? ''] ?? row.state;
}

async function readOutput(
  tx: TenantTransaction,
  objects: ObjectStore,
  summary: InstanceRow | undefined,
  mapped: readonly InstanceRow[],
): Promise<string | undefined> {
  const length = summary?.map_length ?? (mapped.at(-1)?.map_index ?? -1) + 1;
  if (mapped.length === 0 && (summary === undefined || summary.map_length === null)) {
    return summary === undefined ? undefined : textOf(tx, objects, summary);
  }
  const texts = new Array<string>(length).fill('null');
  for (const row of mapped) {
    const text = await textOf(tx, objects, row);
    if (text !== undefined && row.map_index < length) texts[row.map_index] = text;
  }
  return `[${texts.join(',')}]`;
}

async function textOf(tx: TenantTransaction, objects: ObjectStore, row: InstanceRow): Promise<string | undefined> {
  if (row.attempt_state !== 'succeeded') return undefined;
  if (row.output_digest === null) return row.output ?? undefined;
  return (await objects.get(tx.tenantId, row.output_digest)).toString('utf8');
}

function refuseTooMuch(rows: readonly InstanceRow[]): void {
  const bytes = rows.reduce((sum, row) => sum + Number(row.output_bytes ?? 0), 0);
  if (bytes <= maxScopeBytes) return;
  throw new DomainError(
    'too_large',
    'input.too_large',
    `the outputs that this task looks at have ${bytes} bytes together; at most ${maxScopeBytes} can be taken in: hand on references instead`,
  );
}
