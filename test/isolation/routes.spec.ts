import { readFileSync } from 'node:fs';
import { HttpClient } from '@millrace/clients';
import { type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProcess } from './api-process.js';
import { matrix } from './matrix.js';
import { type Ids, makeOrganization, marker, type Organization } from './organizations.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly { readonly bearer?: readonly string[] }[];
  readonly 'x-reach'?: string;
}

interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** The scope that it needs; undefined for a public one. */
  readonly scope: string | undefined;
  readonly organizationWide: boolean;
}

const scopes = ['read', 'run', 'deploy', 'manage'];

function readRoutes(): Route[] {
  const file = new URL('../../apps/api/openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      scope: operation.security[0]?.bearer?.[0],
      organizationWide: operation['x-reach'] === 'organization',
    })),
  );
}

const routes = readRoutes();
const closed = routes.filter((route) => route.scope !== undefined);

let database: TestDatabase;
let api: ApiProcess;
let a: Organization;
let b: Organization;
/** Keys of A that have every scope but one. */
const without = new Map<string, string>();
let bound: string;

interface Answer {
  readonly status: number;
  /** Status line, headers and body: all that a client sees. */
  readonly text: string;
}

/** Sends the request of a route for the things that the ids name; a stream is read for a moment only. */
async function send(route: Route, ids: Ids, token: string | undefined): Promise<Answer> {
  const row = matrix[route.id] ?? {};
  const filled = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const field = row.path?.[name];
    return encodeURIComponent(field === undefined ? `own-${name}` : ids[field]);
  });
  const url = new URL(filled, api.url);
  for (const [name, field] of Object.entries(row.query ?? {})) url.searchParams.set(name, ids[field]);
  const stop = new AbortController();
  const response = await fetch(url, {
    method: route.method,
    signal: stop.signal,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(row.body === undefined ? {} : { 'content-type': row.contentType ?? 'application/json' }),
    },
    ...(row.body === undefined ? {} : { body: JSON.stringify(row.body) }),
  });
  const timer = setTimeout(
    () => stop.abort(),
    response.headers.get('content-type')?.includes('event-stream') ? 500 : 20_000,
  );
  let body = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) body += decoder.decode(chunk);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  clearTimeout(timer);
  return { status: response.status, text: `${JSON.stringify([...response.headers])}\n${body}` };
}

/** Whatever of B must not be in the answer; a thing that the request itself named may be named in a refusal. */
function traceOfB(route: Route, answer: Answer): string[] {
  const row = matrix[route.id] ?? {};
  const asked = new Set(
    [...Object.values(row.path ?? {}), ...Object.values(row.query ?? {})].map((field) => b.ids[field]),
  );
  const secrets: string[] = [marker, ...Object.values(b.ids)];
  return secrets.filter(
    (text) => answer.text.includes(text) && !asked.has(text) && !(text === marker && asked.has(marker)),
  );
}

beforeAll(async () => {
  database = await testDatabase();
  api = await ApiProcess.start(database);
  a = await makeOrganization(api.url, database.superuserUrl, 'organization-a');
  b = await makeOrganization(api.url, database.superuserUrl, marker);
  const owner = new HttpClient({ baseUrl: api.url, token: a.owner });
  const key = async (body: { scopes: string[]; environment?: string }): Promise<string> =>
    (await owner.post<{ key: string }>('/v1/api-keys', { name: 'matrix', ...body })).key;
  for (const scope of scopes) without.set(scope, await key({ scopes: scopes.filter((other) => other !== scope) }));
  bound = await key({ scopes, environment: 'organization-a-env' });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

describe('the matrix', () => {
  it('has a row for every route, and none for what is no route', () => {
    expect(Object.keys(matrix).sort()).toEqual(routes.map(({ id }) => id).sort());
  });

  it('names something of an organization for every path parameter', () => {
    const own = ['putSecret', 'putConnection', 'putVariable'];
    for (const { id, path } of routes) {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      if (!own.includes(id)) expect(Object.keys(matrix[id]?.path ?? {}), id).toEqual(parameters);
    }
  });
});

describe('its owner', () => {
  it.each(closed.filter(({ id }) => matrix[id]?.own !== 'skip'))('sees its own through $id', async (route) => {
    const answer = await send(route, b.ids, b.owner);
    expect(answer.status, answer.text).toBe(matrix[route.id]?.own ?? 200);
    // Something of B is to be seen here, or the row could not fail.
    const silent = [
      'getLimits',
      'getUsage',
      'getRunCost',
      'listRunners',
      'getTimeline',
      'listOutputs',
      'getTaskOutput',
    ];
    if (!silent.includes(route.id)) {
      const shown = [marker, ...Object.values(b.ids)].some((text) => answer.text.includes(text));
      expect(shown, answer.text).toBe(true);
    }
  });
});

describe('a stranger', () => {
  it.each(closed)('is refused at $id', async (route) => {
    const answer = await send(route, b.ids, undefined);
    expect(answer.status).toBe(401);
    expect(traceOfB(route, answer)).toEqual([]);
  });

  it.each(routes.filter(({ scope }) => scope === undefined))('learns nothing at $id', async (route) => {
    const answer = await send(route, b.ids, undefined);
    expect(answer.status).toBe(matrix[route.id]?.foreign ?? 200);
    expect(traceOfB(route, answer)).toEqual([]);
  });
});

describe('a credential that lacks a right', () => {
  it.each(closed)('is refused at $id without the scope', async (route) => {
    const answer = await send(route, a.ids, without.get(route.scope ?? ''));
    expect(answer.status, answer.text).toBe(403);
  });

  it.each(closed.filter(({ scope }) => scope !== 'read'))('is refused at $id as a viewer', async (route) => {
    const answer = await send(route, a.ids, a.viewer);
    expect(answer.status, answer.text).toBe(403);
  });

  it.each(closed.filter(({ organizationWide }) => organizationWide))(
    'is refused at $id when bound to an environment',
    async (route) => {
      expect((await send(route, a.ids, bound)).status).toBe(403);
    },
  );

  it.each(closed.filter(({ id }) => Object.keys(matrix[id]?.path ?? {}).length > 0))(
    'does not find things of another environment at $id',
    async (route) => {
      const reads = route.method === 'GET' && !route.organizationWide;
      if (!reads || route.id === 'getEnvironment') return;
      expect((await send(route, a.ids, bound)).status, route.id).toBe(404);
    },
  );
});

describe('another organization', () => {
  it.each(closed.filter(({ id }) => id !== 'logOut'))('finds nothing of B at $id', async (route) => {
    const row = matrix[route.id] ?? {};
    const answer = await send(route, b.ids, a.owner);
    const expected = row.foreign ?? (Object.keys(row.path ?? {}).length > 0 ? 404 : 200);
    expect(answer.status, answer.text).toBe(expected);
    expect(traceOfB(route, answer)).toEqual([]);
  });

  it('leaves no trace of B in the lines about A, nor any credential in the log', () => {
    const lines = api.log().split('\n');
    const aboutA = lines.filter((line) => line.includes(a.ids.organization));
    expect(aboutA.length).toBeGreaterThan(0);
    for (const line of aboutA) expect(line).not.toContain(b.ids.organization);
    for (const secret of [marker, a.owner, b.owner, bound]) expect(api.log()).not.toContain(secret);
  });
});
