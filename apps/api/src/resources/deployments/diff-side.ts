import type { TenantTransaction } from '@millrace/database';
import { DomainError, isId } from '@millrace/kernel';
import {
  comparePipelines,
  compareStates,
  findDeployment,
  findVersionPlace,
  type PipelineChange,
  type PipelineState,
  type ReadStates,
  statesOfBundle,
  type ValidBundle,
} from '@millrace/pipelines';
import { resolveEnvironment } from '@millrace/tenancy';
import { type Caller, inReach } from '../../edge/index.js';

/** One side of a comparison. */
export interface DiffSide {
  readonly kind: 'environment' | 'deployment' | 'version' | 'bundle';
  /** Slug or id; null for a bundle. */
  readonly ref: string | null;
  /** Its pipelines; for an environment only those that are named, unless none are. */
  readonly states: (names?: readonly string[]) => Promise<readonly PipelineState[]>;
}

/** The side that a reference names; throws `….not_found` where the caller cannot reach it. */
export async function findSide(
  tx: TenantTransaction,
  caller: Caller,
  states: ReadStates,
  ref: string | undefined,
): Promise<DiffSide> {
  if (ref !== undefined && isId('version', ref)) {
    const { id } = inReach(caller, 'version', await findVersionPlace(tx, ref));
    return { kind: 'version', ref, states: () => states.ofVersions(tx, [id]) };
  }
  if (ref !== undefined && isId('deployment', ref)) {
    const deployment = inReach(caller, 'deployment', await findDeployment(tx, ref));
    return { kind: 'deployment', ref, states: () => states.ofDeployment(tx, deployment) };
  }
  const { id, slug } = await resolveEnvironment(tx, caller.environmentId, ref);
  return { kind: 'environment', ref: slug, states: (names) => states.ofEnvironment(tx, id, names) };
}

export function bundleSide(bundle: ValidBundle): DiffSide {
  return { kind: 'bundle', ref: null, states: () => Promise.resolve(statesOfBundle(bundle)) };
}

/**
 * What differs. A deployment takes nothing away, so an environment is compared in those pipelines only that the other
 * side has; two environments are compared in all. Two versions are compared whatever their pipelines are called.
 */
export async function compareSides(from: DiffSide, to: DiffSide): Promise<PipelineChange[]> {
  if (from.kind === 'environment' && to.kind !== 'environment') {
    const after = await to.states();
    return compareStates(await from.states(after.map(({ pipeline }) => pipeline)), after);
  }
  const before = await from.states();
  if (to.kind === 'environment' && from.kind !== 'environment') {
    return compareStates(before, await to.states(before.map(({ pipeline }) => pipeline)));
  }
  const after = await to.states();
  if (from.kind === 'version' && to.kind === 'version') return [comparePipelines(before[0], after[0])];
  return compareStates(before, after);
}

export function nothingToCompare(): DomainError {
  const message = 'name a version, a deployment or an environment in "to", or send a bundle as the body';
  return new DomainError('invalid', 'diff.nothing_to_compare', message);
}

export function twoSides(): DomainError {
  const message = 'the body is a bundle and "to" names another side; leave one of them out';
  return new DomainError('invalid', 'diff.two_sides', message);
}
