import type { OfferToPush } from './use-cases/offer-attempt.js';

/** Runners that are connected to this very process, which can hand them work without asking anybody. */
export interface DirectRunners {
  /** Runners of the pool, by id. */
  connected(poolId: string): readonly string[];
  /** Hands over what a committed transaction has leased. A runner that has gone meanwhile is noticed by its closed connection. */
  push(runnerId: string, offer: OfferToPush): void;
}
