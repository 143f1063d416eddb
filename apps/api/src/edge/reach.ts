import { DomainError, type EnvironmentId } from '@millrace/kernel';
import type { Caller } from './caller.js';

/**
 * Gives the thing when the caller may reach it; throws `<noun>.not_found` where it does not exist, or lies in another
 * environment than the one that the caller's key is bound to.
 */
export function inReach<T extends { readonly environmentId: EnvironmentId }>(
  caller: Caller,
  noun: string,
  thing: T | undefined,
): T {
  if (thing !== undefined && (caller.environmentId === undefined || caller.environmentId === thing.environmentId)) {
    return thing;
  }
  throw new DomainError('not_found', `${noun}.not_found`, `there is no such ${noun}`);
}
