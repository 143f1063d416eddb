import { ApiError, type Schemas } from '@millrace/clients';
import { sentence } from '../../api/problems.js';

export type Rule = NonNullable<Schemas['Environment']['notify']>[number];
export type EventName = Rule['on'][number];

export const events: readonly EventName[] = ['failed', 'recovered', 'deadline_missed'];
export const ownersWord = 'owners';

/** A rule while it is being written. */
export interface Draft {
  /** Its own as long as the form is open. */
  readonly key: number;
  readonly on: readonly EventName[];
  readonly channel: 'email' | 'webhook';
  /** Addresses with commas between. */
  readonly email: string;
  readonly webhook: string;
}

let nextKey = 0;

export function emptyDraft(): Draft {
  return { key: (nextKey += 1), on: ['failed'], channel: 'email', email: ownersWord, webhook: '' };
}

export function toDraft({ on, email, webhook }: Rule): Draft {
  return {
    ...emptyDraft(),
    on,
    channel: webhook === undefined ? 'email' : 'webhook',
    email: (email ?? [ownersWord]).join(', '),
    webhook: webhook ?? '',
  };
}

/** The rule that the draft is, as the API takes it. */
export function toRule({ on, channel, email, webhook }: Draft): Rule {
  if (channel === 'webhook') return { on: [...on], webhook };
  const addresses = email.split(/[\s,;]+/).filter((each) => each !== '');
  return { on: [...on], email: addresses };
}

/** What is missing from the drafts, by their place, before anybody is asked. */
export function draftComplaints(drafts: readonly Draft[]): ReadonlyMap<number, string> {
  const complaints = new Map<number, string>();
  for (const [at, draft] of drafts.entries()) {
    if (draft.on.length === 0) complaints.set(at, 'Choose when to tell.');
    else if (draft.channel === 'webhook' && draft.webhook === '') complaints.set(at, 'Choose a webhook.');
    else if (draft.channel === 'email' && (toRule(draft).email ?? []).length === 0)
      complaints.set(at, 'Name an address.');
  }
  return complaints;
}

/** What the server says of single rules. */
export function ruleComplaints(error: unknown): ReadonlyMap<number, string> {
  const complaints = new Map<number, string>();
  if (!(error instanceof ApiError)) return complaints;
  for (const { pointer, message, hint } of error.problem.errors ?? []) {
    const at = /^\/notify\/(\d+)/.exec(pointer ?? '')?.[1];
    if (at === undefined || message === undefined || complaints.has(Number(at))) continue;
    complaints.set(Number(at), sentence(hint === undefined ? message : `${message}: ${hint}`));
  }
  return complaints;
}
