import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openApiFile, openApiText } from './openapi.js';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: object };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
  readonly security: readonly Record<string, string[]>[];
}

const text = await openApiText();
const document = JSON.parse(text) as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

it('is the committed file: run `npm run generate` and commit it', async () => {
  expect(await readFile(openApiFile, 'utf8')).toBe(text);
});

it('is OpenAPI 3.1 with unique, stable operation ids', () => {
  expect(document.openapi).toBe('3.1.0');
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
});

it('tells of every mutation that it takes an Idempotency-Key', () => {
  for (const { path, method, operation } of operations.filter((each) => each.method !== 'get')) {
    expect(operation.parameters, `${method} ${path}`).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }),
    );
  }
});

it('describes every answer, and every refusal as a problem', () => {
  for (const { path, method, operation } of operations) {
    const place = `${method} ${path}`;
    const successes = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
    expect(successes.length, place).toBeGreaterThan(0);
    for (const status of successes.filter((each) => each !== '204')) {
      expect(Object.keys(operation.responses[status]?.content ?? {}).length, place).toBeGreaterThan(0);
    }
    expect(operation.responses['default']?.content, place).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  }
});

it('says of every operation which scope it needs, or that it needs none', () => {
  for (const { path, method, operation } of operations) {
    const scopes = operation.security.flatMap((scheme) => scheme['bearer'] ?? []);
    if (operation.security.length === 0) continue;
    expect(scopes, `${method} ${path}`).toHaveLength(1);
    expect(['read', 'run', 'deploy', 'manage']).toContain(scopes[0]);
  }
});

it('refers only to components that are there', () => {
  const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
  for (const [, reference = ''] of text.matchAll(/"\$ref": "([^"]+)"/g)) expect(known).toContain(reference);
});
