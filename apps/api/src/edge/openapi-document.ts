import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { alsoProducesKey } from './route.js';

/** Version of the API that the path prefix `/v1` names, and of its description. */
const version = '1.0.0';

const description = `Pipelines as code, durable runs on worker pools of your own, usage to the nano-dollar.

Refusals are problem documents (RFC 9457) with a stable \`code\`. Mutations take an \`Idempotency-Key\`. Lists are
paged by an opaque cursor. An id of another organization is answered like one that does not exist: 404.`;

/** zod to JSON Schema 2020-12, which OpenAPI 3.1 uses as it is; schemas with \`meta({ id })\` become components. */
function convert(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): { schema: Record<string, unknown>; components: Record<string, Record<string, unknown>> } {
  const json = z.toJSONSchema(schema as z.ZodType, {
    io: schemaType,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const shown = z.globalRegistry.get(zodSchema as unknown as z.ZodType)?.['shownAs'];
      if (shown === undefined) return;
      for (const key of ['pattern', 'type', 'format']) delete (jsonSchema as Record<string, unknown>)[key];
      Object.assign(jsonSchema, shown);
      delete (jsonSchema as Record<string, unknown>)['shownAs'];
    },
  }) as Record<string, unknown>;
  const { $defs: components = {}, $schema: _, ...rest } = json;
  return { schema: rest, components: components as Record<string, Record<string, unknown>> };
}

/** The OpenAPI 3.1 document of the application; needs no server, no database. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Millrace API')
    .setVersion(version)
    .setDescription(description)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'opaque',
        description: 'An API key (`mr_live_…`) or the access token of a session (`mr_acc_…`).',
      },
      'bearer',
    )
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    autoTagControllers: false,
    standardSchemaConverter: convert,
  });
  for (const path of Object.values(document.paths)) {
    for (const method of methods) {
      const operation = path[method];
      if (operation !== undefined) finish(operation);
    }
  }
  return sorted(document);
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/**
 * What the decorators cannot say: the form of JSON where a bundle may also be sent packed, the media type of refusals,
 * and that a public route needs no credential.
 */
function finish(operation: Operation): void {
  operation.security ??= [];
  describeMediaTypes(operation);
  const { requestBody } = operation;
  if (requestBody !== undefined && 'content' in requestBody && Object.keys(requestBody.content).length > 1) {
    const { 'application/json': json } = requestBody.content;
    if (json !== undefined) json.schema = { type: 'object' };
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (/^[123]/.test(status) || response === undefined || !('content' in response)) continue;
    const { 'application/json': content, ...others } = response.content ?? {};
    const first = content ?? Object.values(others)[0];
    if (first !== undefined) response.content = { 'application/problem+json': first };
  }
}

/** Further media types belong to the answer that succeeds. */
function describeMediaTypes(operation: Operation): void {
  const extended = operation as Operation & { [alsoProducesKey]?: Readonly<Record<string, string>> };
  const further = extended[alsoProducesKey];
  if (further === undefined) return;
  delete extended[alsoProducesKey];
  const success = operation.responses['200'];
  if (success === undefined || !('content' in success)) return;
  for (const [type, description] of Object.entries(further)) {
    success.content = { ...success.content, [type]: { schema: { type: 'string', description } } };
  }
}

/** Keys of paths and components in alphabetical order, so that the committed file changes only where the API does. */
function sorted(document: OpenAPIObject): OpenAPIObject {
  const byKey = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { components = {}, ...rest } = document;
  return {
    ...rest,
    paths: byKey(document.paths),
    components: { ...components, schemas: byKey(components.schemas ?? {}) },
  };
}
