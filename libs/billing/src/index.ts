export {
  type ChainedEntry,
  type ChainedFacts,
  chainHash,
  chainOrigin,
  type ChainVerdict,
  verifyChain,
} from './chain.js';
export {
  type Meter,
  meters,
  type PriceBook,
  priceBookAt,
  priceBooks,
  type SizeFacts,
  sizes,
} from './catalogue/meters.js';
export { allowsSize, type Plan, type PlanId, planIds, type PlanLimits, planOf, plans } from './catalogue/plans.js';
export { addCost, type Cost, noCost } from './cost.js';
export {
  type AttemptUsage,
  categoryOf,
  minimumComputeMs,
  rateAttempt,
  type RatedLine,
  usageCategories,
  type UsageCategory,
} from './rating.js';
export {
  type LedgerEntry,
  type LedgerFilter,
  listLedgerEntries,
  readChain,
  readChainHead,
  readUnchained,
} from './readers/ledger.js';
export {
  listUsage,
  readUsageTotal,
  type UsageFilter,
  type UsageGroup,
  usageGroups,
  type UsageLine,
} from './readers/usage.js';
export { type AttemptUsageRecord, recordAttemptUsage } from './use-cases/record-attempt-usage.js';
export { listUnsealed, sealLedger } from './use-cases/seal-ledger.js';
