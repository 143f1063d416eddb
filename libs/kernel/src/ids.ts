import { randomBytes } from 'node:crypto';

/** The prefix of every public id; the rest is a 26-character Crockford base32 ULID (48-bit milliseconds, 80 random bits). */
export const idPrefixes = {
  organization: 'org',
  user: 'usr',
  session: 'ses',
  invitation: 'inv',
  apiKey: 'key',
  environment: 'env',
  pool: 'pool',
  runner: 'rnr',
  connection: 'conn',
  secret: 'sec',
  variable: 'var',
  deployment: 'dep',
  pipeline: 'pipe',
  version: 'ver',
  run: 'run',
  attempt: 'att',
  artifact: 'art',
  ledgerEntry: 'led',
  auditEvent: 'aud',
  alert: 'alt',
  webhook: 'whk',
  delivery: 'dlv',
  message: 'msg',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** A prefixed, sortable, public identifier, for example `run_01J9ZC3V5T9YV7Q6M0N8F2A4BC`. */
export type Id<K extends IdKind> = string & { readonly __id: K };

export type OrganizationId = Id<'organization'>;
/** The organization is the tenant: the unit of isolation and billing. */
export type TenantId = OrganizationId;
export type UserId = Id<'user'>;
export type SessionId = Id<'session'>;
export type InvitationId = Id<'invitation'>;
export type ApiKeyId = Id<'apiKey'>;
export type EnvironmentId = Id<'environment'>;
export type PoolId = Id<'pool'>;
export type RunnerId = Id<'runner'>;
export type ConnectionId = Id<'connection'>;
export type SecretId = Id<'secret'>;
export type VariableId = Id<'variable'>;
export type DeploymentId = Id<'deployment'>;
export type PipelineId = Id<'pipeline'>;
export type VersionId = Id<'version'>;
export type RunId = Id<'run'>;
export type AttemptId = Id<'attempt'>;
export type ArtifactId = Id<'artifact'>;
export type LedgerEntryId = Id<'ledgerEntry'>;
export type AuditEventId = Id<'auditEvent'>;
export type AlertId = Id<'alert'>;
export type WebhookId = Id<'webhook'>;
export type DeliveryId = Id<'delivery'>;
export type MessageId = Id<'message'>;
export type RequestId = Id<'request'>;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function encodeTime(ms: number): string {
  let rest = ms;
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

let lastMs = 0;
let lastRandom = 0n;

function nextRandom(ms: number): bigint {
  // Ids made within one millisecond count upwards, so that sorting by id is sorting by creation within a process.
  if (ms === lastMs) lastRandom += 1n;
  else lastRandom = BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n;
  lastMs = ms;
  return lastRandom;
}

function encodeRandom(value: bigint): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < 16; i += 1) {
    text = alphabet.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/** Makes a new id of the kind. Never inside workflow code: it reads the clock and randomness. */
export function newId<K extends IdKind>(kind: K, nowMs: number = Date.now()): Id<K> {
  const ms = Math.max(nowMs, lastMs);
  return `${idPrefixes[kind]}_${encodeTime(ms)}${encodeRandom(nextRandom(ms))}` as Id<K>;
}

const idBody = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** True where the text has the form of an id of this kind; says nothing of whether it exists. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const prefix = `${idPrefixes[kind]}_`;
  return text.startsWith(prefix) && idBody.test(text.slice(prefix.length));
}
