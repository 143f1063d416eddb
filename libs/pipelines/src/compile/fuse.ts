import type { PlanTask } from '@millrace/contracts';
import type { JsonObject } from '@millrace/kernel';
import type { TaskDefinition } from '@millrace/tasks/catalogue';
import type { TaskFields } from '../format/definition.js';

/** What decides whether a task may be part of a stretch, and how. */
export interface FuseFacts {
  readonly fields: TaskFields;
  readonly type: TaskDefinition;
  /** The type's own fields. */
  readonly own: JsonObject;
  readonly pool: string;
  /** What the pipeline says for tasks that say nothing themselves. */
  readonly fuseByDefault: boolean;
}

/** A need that a task may follow, in the same pool. */
export type FusedNeeds = ReadonlyMap<string, Pick<PlanTask, 'fuse' | 'map' | 'pool'>>;

/**
 * A light task may be part of a stretch: executed in a sandbox, and given nothing but its input. It follows in one as
 * soon as all its needs have succeeded there, which says enough only where nothing else decides about its start: the
 * trigger is `all_success`, there is no `when` and no list, and none of the needs is decided elsewhere.
 *
 * Secrets, connections and variables are read when an attempt is leased; tasks that declare any go alone, so that a
 * stretch never waits for them nor carries one task's secrets along with another's.
 */
export function fuseOf(facts: FuseFacts, needs: FusedNeeds): PlanTask['fuse'] {
  if (!mayFuse(facts)) return undefined;
  const { fields, pool } = facts;
  if (fields.trigger !== 'all_success' || fields.when !== undefined || fields.map !== undefined) return 'begins';
  const follows = fields.needs.every((id) => {
    const need = needs.get(id);
    return need?.fuse !== undefined && need.map === undefined && need.pool === pool;
  });
  return follows && fields.needs.length > 0 ? 'follows' : 'begins';
}

function mayFuse({ fields, type, own, fuseByDefault }: FuseFacts): boolean {
  if (type.executes !== 'runner' || !type.fuses) return false;
  if (!(fields.fuse ?? fuseByDefault) || fields.sandbox === 'fresh') return false;
  const declared = [fields.secrets, fields.connections, fields.variables, type.connections(own)];
  return declared.every((names) => names.length === 0);
}
