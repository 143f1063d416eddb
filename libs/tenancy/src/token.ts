import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { type ApiKeyId, idPrefixes } from '@millrace/kernel';

/**
 * Every credential has a prefix that secret scanners can find and a checksum, so that a mistyped or made-up one is
 * refused without asking the database. Only SHA-256 hashes are stored: the secrets have 256 random bits, so no slow
 * hash is needed.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 43;
const checksumLength = 6;

export const tokenKinds = {
  access: 'mr_acc',
  refresh: 'mr_ref',
  invitation: 'mr_inv',
  verify: 'mr_ver',
  reset: 'mr_rst',
} as const;
export type TokenKind = keyof typeof tokenKinds;
const apiKeyPrefix = 'mr_live';

function randomText(): string {
  let text = '';
  for (let i = 0; i < secretLength; i += 1) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}

function checksum(body: string): string {
  let rest = createHash('sha256').update(body).digest().readUInt32BE(0);
  let text = '';
  for (let i = 0; i < checksumLength; i += 1) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

function withChecksum(body: string): string {
  return body + checksum(body);
}

const tail = `[0-9A-Za-z]{${secretLength + checksumLength}}`;
const sessionForm = new RegExp(`^(${Object.values(tokenKinds).join('|')})_${tail}$`);
const apiKeyForm = new RegExp(`^${apiKeyPrefix}_([0-9A-HJKMNP-TV-Z]{26})_${tail}$`);

function hasChecksum(token: string): boolean {
  return checksum(token.slice(0, -checksumLength)) === token.slice(-checksumLength);
}

/** A new opaque token, for example `mr_acc_…`. */
export function newToken(kind: TokenKind): string {
  return withChecksum(`${tokenKinds[kind]}_${randomText()}`);
}

/** A new API key, `mr_live_<id>_<secret><checksum>`. */
export function newApiKey(id: ApiKeyId): string {
  return withChecksum(`${apiKeyPrefix}_${id.slice(idPrefixes.apiKey.length + 1)}_${randomText()}`);
}

/** True for text that has the form and the checksum of a token of this kind. */
export function isToken(kind: TokenKind, text: string): boolean {
  return sessionForm.test(text) && text.startsWith(`${tokenKinds[kind]}_`) && hasChecksum(text);
}

/** The id inside an API key; `undefined` where form or checksum are wrong. */
export function apiKeyIdOf(text: string): ApiKeyId | undefined {
  const body = apiKeyForm.exec(text)?.[1];
  if (body === undefined || !hasChecksum(text)) return undefined;
  return `${idPrefixes.apiKey}_${body}` as ApiKeyId;
}

/** True for text that can be a credential of the API; says nothing of whether it is one. */
export function isCredential(text: string): boolean {
  return isToken('access', text) || apiKeyIdOf(text) !== undefined;
}

/** What is stored of a token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Compares a token with a stored hash in constant time. */
export function matchesHash(token: string, hash: Buffer): boolean {
  const given = tokenHash(token);
  return given.length === hash.length && timingSafeEqual(given, hash);
}
