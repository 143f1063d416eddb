import { createHash } from 'node:crypto';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import type { Request } from 'express';
import { type Caller, callerOf } from './caller.js';
import { EdgeError, problem } from './problem.js';

/** Names in the path and the query, as they were sent. */
export interface Place {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** One kind of thing that people edit, and how to read it as its GET shows it. */
export interface Versioning {
  /** `pool`, `variable`: edits of two nouns never wait for each other. */
  readonly noun: string;
  /** Throws the `not_found` of the noun where there is none. */
  readonly read: (tx: TenantTransaction, caller: Caller, place: Place) => Promise<object>;
  /** Fields that change by themselves: they are no edit that somebody could have missed. */
  readonly live?: readonly string[];
}

export const versioningKeys = { shows: 'millrace:shows', edits: 'millrace:edits' } as const;

/** The GET of a thing that people edit: it has an `ETag` and takes `If-None-Match`. */
export function Shows(versioning: Versioning): MethodDecorator {
  return applyDecorators(
    SetMetadata(versioningKeys.shows, versioning),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'An `ETag` that you have: where it is still the one, the answer is 304 without a body.',
      schema: { type: 'string' },
    }),
    ApiResponse({ status: 304, description: 'It is as `If-None-Match` says.' }),
  );
}

/** An edit of such a thing (after `@Mutation()`): it takes `If-Match`, and its answer has the new `ETag`. */
export function Edits(versioning: Versioning): MethodDecorator {
  return applyDecorators(
    SetMetadata(versioningKeys.edits, versioning),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        'The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there.',
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: 412,
      description: 'It has been changed since: `errors` has a pointer to each field that differs.',
      standardSchema: problem,
    }),
  );
}

// Four characters of base64url: enough to tell one value from another, and short enough for a header.
const fieldBytes = 3;
const wholeBytes = 9;

function hashOf(value: unknown, bytes: number): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest()
    .subarray(0, bytes)
    .toString('base64url');
}

function editedFields(shown: object, { live = [] }: Versioning): (readonly [string, unknown])[] {
  return Object.entries(shown)
    .filter(([name, value]) => value !== undefined && !live.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The tag of what a GET shows. It is made of a hash of the whole and, after a dot, a short one of each field that people
 * edit, in the order of their names: so a refusal can say which of them have changed.
 */
export function tagOf(shown: object, versioning: Versioning): string {
  const fields = editedFields(shown, versioning);
  return `"${[hashOf(shown, wholeBytes), editPart(fields)].join('.')}"`;
}

function editPart(fields: readonly (readonly [string, unknown])[]): string {
  return `${hashOf(fields, wholeBytes)}${fields.map(([, value]) => hashOf(value, fieldBytes)).join('')}`;
}

function tagsIn(header: string): string[] {
  return header
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/** Whether a GET with this `If-None-Match` has the newest already. */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return tagsIn(header).some((known) => known === '*' || known.replace(/^W\//, '') === tag);
}

/**
 * Checks `If-Match` and `If-None-Match: *` inside the transaction of the edit. An edit with a condition waits for all
 * others of its noun in the organization and holds up those that come, so that nothing changes between check and edit;
 * edits without one do not wait for each other. Throws `precondition.failed`.
 */
export async function checkPrecondition(
  tx: TenantTransaction,
  request: Request,
  versioning: Versioning,
): Promise<void> {
  const wanted = request.get('if-match');
  const onlyNew = request.get('if-none-match') === '*';
  const conditional = wanted !== undefined || onlyNew;
  await tx.query(
    `select pg_advisory_xact_lock${conditional ? '' : '_shared'}(hashtextextended('edit:' || $1 || ':' || $2, 0))`,
    [versioning.noun, tx.tenantId],
  );
  if (!conditional) return;
  const shown = await readShown(tx, request, versioning);
  if (onlyNew && shown !== undefined) {
    throw failed(`there is such a ${versioning.noun} already, and If-None-Match: * asks that there is none`);
  }
  if (wanted === undefined) return;
  if (shown === undefined) throw failed(`there is no such ${versioning.noun} (any more)`);
  const edit = editPart(editedFields(shown, versioning));
  const parts = tagsIn(wanted).map((tag) => (tag === '*' ? edit : /^"[\w-]+\.([\w-]+)"$/.exec(tag)?.[1]));
  if (parts.includes(edit)) return;
  throw outdated(shown, parts[0], request, versioning);
}

/** What is there now; `undefined` where a PUT would make it. What another method does not find is not found. */
async function readShown(tx: TenantTransaction, request: Request, versioning: Versioning): Promise<object | undefined> {
  try {
    return await versioning.read(tx, callerOf(request), {
      path: request.params as Record<string, string>,
      query: request.query as Record<string, string | undefined>,
    });
  } catch (error) {
    const isAbsent = error instanceof DomainError && error.code === `${versioning.noun}.not_found`;
    if (isAbsent && request.method === 'PUT') return undefined;
    throw error;
  }
}

function failed(message: string, facts: DomainError['facts'] = {}, details: DomainError['details'] = []): EdgeError {
  return new EdgeError(412, 'precondition.failed', message, details, facts);
}

function outdated(shown: object, part: string | undefined, request: Request, versioning: Versioning): EdgeError {
  const facts = { etag: tagOf(shown, versioning) };
  const fields = editedFields(shown, versioning);
  const known = part?.slice((wholeBytes * 4) / 3).match(/.{4}/g) ?? [];
  // A tag of another release or of another thing: its fields cannot be compared one by one.
  if (known.length !== fields.length) {
    return failed(`If-Match is not the ETag of this ${versioning.noun}: read it again`, facts);
  }
  const canRead = callerOf(request).scopes.includes('read');
  const details = fields
    .filter(([, value], index) => hashOf(value, fieldBytes) !== known[index])
    .map(([name, value]) => ({
      code: 'precondition.changed',
      message: canRead ? `is now ${JSON.stringify(value).slice(0, 200)}` : 'has another value now',
      pointer: `/${name}`,
    }));
  const names = details.map(({ pointer }) => pointer.slice(1)).join(', ');
  return failed(
    `the ${versioning.noun} has been changed since you read it (${names}): read it again, and repeat your change on what is there now`,
    facts,
    details,
  );
}
