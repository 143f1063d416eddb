export {
  type AttemptOfInstance,
  type BeginVerdict,
  type DispatchRef,
  type FencedOutcome,
  type Fencing,
  type InstanceFacts,
  judgeBegin,
  type Lease,
  type LeaseRef,
  type PinnedVersion,
  type RunnerIdentity,
  type VersionSource,
} from './attempt-lease.js';
export { type AttemptWork, inlineInputBytes, type WorkRequest, type WorkSource } from './attempt-work.js';
export type { EndedAttempt } from './adapters/pg/pg-attempt-end.js';
export { markStarted, readLastLogSeq } from './adapters/pg/pg-attempt-log.js';
export { readTaskScopes } from './adapters/pg/pg-attempt-scope.js';
export {
  type AttemptReader,
  type EgressOpenings,
  PgAttemptWork,
  type TenantValues,
} from './adapters/pg/pg-attempt-work.js';
export { AddArtifact, type ArtifactRequest } from './use-cases/add-artifact.js';
export { AppendLog, inlineChunkBytes } from './use-cases/append-log.js';
export type { LogChunk } from './log-chunk.js';
export { BeginAttempt, type BeginRequest, type BeginResult, grantHash } from './use-cases/begin-attempt.js';
export { KnownRuns } from './known-runs.js';
export { LeaseNext, type NextRequest } from './use-cases/lease-next.js';
export { followersFor, OfferAttempt, type OfferToPush } from './use-cases/offer-attempt.js';
export { OfferStretches } from './use-cases/offer-stretches.js';
export { EndAttempt, type EndRequest, type EndResult } from './use-cases/end-attempt.js';
export { type LostRunner, type LostRunnerReport, loseRunner } from './use-cases/lose-runner.js';
export { loseAttempts, loseLeasesOfRun, SettleStretch } from './use-cases/settle-stretch.js';
export type { DirectRunners } from './direct-runners.js';
export { StartDirectly } from './use-cases/start-directly.js';
export { maxParamsBytes, ParamsCheck } from './params.js';
export { type Artifact, findArtifact, listArtifacts } from './readers/artifacts.js';
export {
  assembleLog,
  hasEnded,
  isIncomplete,
  type LogItem,
  type LogSlice,
  reach,
  readLogChunks,
  type StoredChunk,
  type StoredChunks,
} from './readers/log-chunks.js';
export {
  type AttemptPlace,
  findInstanceStanding,
  findLoggedAttempt,
  type InstanceStanding,
  listLoggedAttempts,
  type LoggedAttempt,
} from './readers/logged-attempts.js';
export {
  listLeasesOfEndedRuns,
  listOpenRuns,
  listPipelinesWithHeldRuns,
  type OpenRun,
  type RunPlace,
} from './readers/open-runs.js';
export { type AttemptCost, listAttemptCosts, readRunCost, type RunCost, type TaskCost } from './readers/run-cost.js';
export { CancelRun, type CancelRunRequest } from './use-cases/cancel-run.js';
export { DecideTask, type VariableSource } from './use-cases/decide-task.js';
export { EndAbandonedRun } from './use-cases/end-abandoned-run.js';
export { LoadRun } from './use-cases/load-run.js';
export { ProjectTransitions } from './use-cases/project-transitions.js';
export { RecallRun } from './use-cases/recall-run.js';
export { ReleaseHeldRuns } from './use-cases/release-held-runs.js';
export { maxRestarts, type Restart, RestartRun } from './use-cases/restart-run.js';
export { StartRun, type StartRunRequest } from './use-cases/start-run.js';
export {
  type Attempt,
  type AttemptFilter,
  type AttemptWay,
  listAttempts,
  listLiveAttempts,
  type LiveAttempt,
  readStartLatency,
  type StartLatency,
} from './readers/attempts.js';
export {
  findOutputShape,
  listRunOutputs,
  listTaskOutputs,
  type OutputPlace,
  type OutputShape,
} from './readers/outputs.js';
export { listRunEvents, type RunEvent } from './readers/run-events.js';
export {
  countPageTasks,
  countTasks,
  findRun,
  findRunStanding,
  listRuns,
  type Run,
  type RunFilter,
  type RunStanding,
  type TaskCounts,
} from './readers/runs.js';
export { listTaskInstances, listTasks, type TaskInstance, type TaskPage } from './readers/task-instances.js';
