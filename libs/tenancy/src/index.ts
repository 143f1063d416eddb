export { FileKeyWrapper, readMasterKey } from './adapters/file/master-key.js';
export { type Actor, type AuditEntry, recordAudit } from './audit.js';
export {
  type Connection,
  type ConnectionSettings,
  deleteConnection,
  listConnections,
  putConnection,
  readConnections,
  type TlsMode,
  tlsModes,
} from './connection.js';
export { defaultEnvironment, type EnvironmentRef, resolveEnvironment } from './environment.js';
export { connectionNameForm, maxNamedValues, secretNameForm, slugForm, variableNameForm } from './names.js';
export type { KeyWrapper } from './ports.js';
export { type RateDecision, type RatePolicy, resetTokens, takeTokens } from './rate-limit.js';
export { listSecrets } from './readers/list-secrets.js';
export { type Role, roles, type Scope, scopes, scopesOf } from './role.js';
export { SealedText } from './sealing.js';
export { type AttemptRead, maxSecretBytes, type SecretInfo, type SecretValue, SecretVault } from './secret-vault.js';
export { Authenticate, type Principal } from './use-cases/authenticate.js';
export {
  deleteVariable,
  listVariables,
  maxVariableBytes,
  putVariable,
  readVariables,
  type Variable,
} from './variable.js';
