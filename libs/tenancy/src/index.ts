export { type Actor, type AuditEntry, recordAudit } from './audit.js';
export { FileKeyWrapper, readMasterKey } from './adapters/file/master-key.js';
export { defaultEnvironment, type EnvironmentRef, resolveEnvironment } from './environment.js';
export type { KeyWrapper } from './ports.js';
export { type RateDecision, type RatePolicy, resetTokens, takeTokens } from './rate-limit.js';
export { type Role, roles, type Scope, scopes, scopesOf } from './role.js';
export { SealedText } from './sealing.js';
export { Authenticate, type Principal } from './use-cases/authenticate.js';
