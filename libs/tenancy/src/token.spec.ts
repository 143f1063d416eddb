import { newId } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { apiKeyIdOf, isToken, matchesHash, newApiKey, newToken, tokenHash } from './token.js';

describe('tokens', () => {
  it('name their kind, and are no other', () => {
    const access = newToken('access');
    expect(access).toMatch(/^mr_acc_[0-9A-Za-z]{49}$/);
    expect(isToken('access', access)).toBe(true);
    expect(isToken('refresh', access)).toBe(false);
    expect(isToken('access', access.replace('mr_acc', 'mr_ref'))).toBe(false);
  });

  it('are refused with any one character changed, without asking the database', () => {
    const id = newId('apiKey');
    const key = newApiKey(id);
    expect(apiKeyIdOf(key)).toBe(id);
    let accepted = 0;
    for (let i = 0; i < key.length; i += 1) {
      const other = key[i] === 'A' ? 'B' : 'A';
      if (apiKeyIdOf(key.slice(0, i) + other + key.slice(i + 1)) !== undefined) accepted += 1;
    }
    expect(accepted).toBe(0);
    for (const hostile of ['', 'mr_live_', key.slice(0, -1), `${key}a`, ` ${key}`, key.toLowerCase()]) {
      expect(apiKeyIdOf(hostile), hostile).toBeUndefined();
    }
  });

  it('never come twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newToken('refresh'))).size).toBe(1000);
  });

  it('match their own hash only', () => {
    const token = newToken('access');
    expect(matchesHash(token, tokenHash(token))).toBe(true);
    expect(matchesHash(newToken('access'), tokenHash(token))).toBe(false);
    expect(matchesHash(token, Buffer.alloc(0))).toBe(false);
  });
});
