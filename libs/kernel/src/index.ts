export { type Clock, systemClock } from './clock.js';
export { DomainError, type DomainErrorExtra, type ErrorDetail, type ErrorKind, unreachable } from './errors.js';
export { type Json, type JsonObject } from './json.js';
export { formatDollars, nanoDollars, type NanoDollars, nanoPerDollar } from './money.js';
export {
  type ApiKeyId,
  type ArtifactId,
  type AttemptId,
  type AuditEventId,
  type ConnectionId,
  type DeploymentId,
  type EnvironmentId,
  type Id,
  type IdKind,
  idPrefixes,
  type InvitationId,
  isId,
  type LedgerEntryId,
  newId,
  type OrganizationId,
  type PipelineId,
  type PoolId,
  type RequestId,
  type RunId,
  type RunnerId,
  type SecretId,
  type SessionId,
  type TenantId,
  type UserId,
  type VariableId,
  type VersionId,
} from './ids.js';
