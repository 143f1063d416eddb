export { FileKeyWrapper, readMasterKey } from './adapters/file/master-key.js';
export {
  type ApiKey,
  createApiKey,
  getApiKey,
  type Granter,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
  rotateApiKey,
} from './api-key.js';
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
export {
  changeEnvironment,
  createEnvironment,
  defaultEnvironment,
  type Environment,
  type EnvironmentRef,
  getEnvironment,
  listEnvironments,
  resolveEnvironment,
} from './environment.js';
export {
  acceptInvitation,
  type AcceptRequest,
  type Invitation,
  invite,
  invitedEmail,
  type InvitedRole,
  listInvitations,
  revokeInvitation,
} from './invitation.js';
export { changeRole, getMember, listMembers, type Member, type MemberActor, removeMember } from './member.js';
export { connectionNameForm, maxNamedValues, secretNameForm, slugForm, variableNameForm } from './names.js';
export { getOrganization, type Organization, renameOrganization } from './organization.js';
export { maxPasswordLength, minPasswordLength } from './password.js';
export type { KeyWrapper } from './ports.js';
export { type RateDecision, type RatePolicy, readTokens, resetTokens, takeTokens } from './rate-limit.js';
export { type AuditEvent, type AuditFilter, listAuditEvents } from './readers/list-audit-events.js';
export { addRequests, type CallerUse, countRequests, listCallerUse, type RequestCount } from './request-count.js';
export { getSecret, listSecrets } from './readers/list-secrets.js';
export { type Role, roles, type Scope, scopes, scopesOf } from './role.js';
export { SealedText } from './sealing.js';
export { type AttemptRead, maxSecretBytes, type SecretInfo, type SecretValue, SecretVault } from './secret-vault.js';
export { endSession, type Refresh, refreshSession, type SessionTokens } from './session.js';
export { accountTokenSeconds, issueAccountToken } from './account-token.js';
export {
  findAccount,
  hasVerifiedOwner,
  isEmail,
  isVerified,
  type MailedAccount,
  type UserAccount,
  verifyUser,
} from './user.js';
export { changePassword, resetPassword, verifyEmail } from './use-cases/keep-account.js';
export { isCredential } from './token.js';
export { Authenticate, type Principal } from './use-cases/authenticate.js';
export { forgetExpired } from './use-cases/forget-expired.js';
export { LogIn, type LogInRequest } from './use-cases/log-in.js';
export { type FurnishEnvironment, SignUp, type SignUpRequest } from './use-cases/sign-up.js';
export {
  deleteVariable,
  getVariable,
  listVariables,
  maxVariableBytes,
  putVariable,
  readVariables,
  type Variable,
} from './variable.js';
