import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '@millrace/tenancy';
import type { Request } from 'express';
import { z } from 'zod';
import { problem } from './problem.js';

/** Metadata keys of the edge. */
export const metadataKeys = {
  requires: 'millrace:requires',
  public: 'millrace:public',
  mutation: 'millrace:mutation',
  upload: 'millrace:upload',
  operation: 'millrace:operation',
  unmetered: 'millrace:unmetered',
} as const;

/** How far a route reaches: an API key bound to one environment is refused on those that concern the organization. */
export type Reach = 'environment' | 'organization';

/** The route needs a caller with this scope. Every route has `@Requires` or `@Public`. */
export function Requires(scope: Scope, reach: Reach = 'environment'): MethodDecorator {
  return applyDecorators(
    SetMetadata(metadataKeys.requires, { scope, reach }),
    ApiSecurity('bearer', [scope]),
    ...(reach === 'organization' ? [ApiExtension('x-reach', reach)] : []),
    ApiResponse({ status: 401, description: 'No valid credential.', standardSchema: problem }),
    ApiResponse({ status: 403, description: `The credential lacks the scope \`${scope}\`.`, standardSchema: problem }),
  );
}

/** The route stays open where the organization has used up its requests: it shows who did. */
export function OutsideOrganizationLimit(): MethodDecorator {
  return SetMetadata(metadataKeys.unmetered, true);
}

export interface PublicOptions {
  /** False only for probes: no limit per network address. */
  readonly limited?: boolean;
}

/** The route is open to everybody; it gets no caller. */
export function Public(options: PublicOptions = {}): MethodDecorator {
  return SetMetadata(metadataKeys.public, options);
}

export interface MutationOptions {
  /**
   * Only for `@Public()` routes: the part of the (not yet validated) body that scopes the idempotency key, so that
   * strangers cannot meet each other's keys. An e-mail address or a one-time token.
   */
  readonly identity?: (body: Readonly<Record<string, unknown>>, request: Request) => unknown;
  /** The transaction is a `ControlTransaction` although the route has a caller (sessions belong to no tenant). */
  readonly control?: boolean;
}

/**
 * The route changes something: it runs in one transaction (`@Tx()`), which also holds the `Idempotency-Key` and the
 * stored response. Every POST, PUT, PATCH and DELETE has it.
 */
export function Mutation(options: MutationOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(metadataKeys.mutation, options),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({
      status: 409,
      description: 'It conflicts with the present state, or the Idempotency-Key is in use for another request.',
      standardSchema: problem,
    }),
  );
}

export interface UploadOptions {
  /** Media types that are handed to the handler as a `Buffer`. */
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** Also take `application/json`, parsed, up to this many bytes. */
  readonly maxJsonBytes?: number;
}

/** The route takes a binary body: `@Body() body: Buffer` (or the parsed JSON where that was sent). */
export function Upload(options: UploadOptions): MethodDecorator {
  return applyDecorators(
    SetMetadata(metadataKeys.upload, options),
    ApiBody({
      required: true,
      schema: { type: 'string', format: 'binary' },
      description: `Up to ${options.maxBytes} bytes of ${options.types.join(' or ')}.`,
    }),
  );
}

/** Carries `alsoProduces` as far as the document, which has a place of its own for it. */
export const alsoProducesKey = 'x-also-produces';

export interface OperationOptions {
  /** `operationId`: unique, stable for ever, camelCase verb and noun: `listRuns`. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Schema of the response body, strict (`z.strictObject`), named with `.meta({ id })`; absent for 204. */
  readonly response?: z.ZodType;
  /** Default 200; 204 without a response schema. */
  readonly status?: number;
  /** Further kinds of success with the same body: `{ 202: 'Accepted; the dependencies are being built.' }`. */
  readonly alsoStatus?: Readonly<Record<number, string>>;
  /** Further media types of the answer, each with what it is, for whoever asks for them with `Accept`. */
  readonly alsoProduces?: Readonly<Record<string, string>>;
  /** Media type where the response is not JSON (`text/event-stream`, `application/octet-stream`). */
  readonly produces?: string;
  /** Further problems worth naming: `{ 409: 'The pipeline is paused.' }`. */
  readonly problems?: Readonly<Record<number, string>>;
}

/** Describes the route in the OpenAPI document and sets its status code. */
export function Operation(options: OperationOptions): MethodDecorator {
  const status = options.status ?? (options.response === undefined && options.produces === undefined ? 204 : 200);
  const success =
    options.produces !== undefined
      ? ApiResponse({
          status,
          description: options.summary,
          content: { [options.produces]: { schema: { type: 'string' } } },
        })
      : ApiResponse({
          status,
          description: options.summary,
          ...(options.response === undefined ? {} : { standardSchema: options.response }),
        });
  return applyDecorators(
    SetMetadata(metadataKeys.operation, options),
    HttpCode(status),
    ApiOperation({
      operationId: options.id,
      summary: options.summary,
      ...(options.description === undefined ? {} : { description: options.description }),
    }),
    success,
    ...Object.entries(options.alsoStatus ?? {}).map(([code, meaning]) =>
      ApiResponse({
        status: Number(code),
        description: meaning,
        ...(options.response === undefined ? {} : { standardSchema: options.response }),
      }),
    ),
    ...(options.alsoProduces === undefined ? [] : [ApiExtension(alsoProducesKey, options.alsoProduces)]),
    ...(options.produces === undefined ? [] : [ApiProduces(options.produces)]),
    ...Object.entries(options.problems ?? {}).map(([code, description]) =>
      ApiResponse({ status: Number(code), description, standardSchema: problem }),
    ),
    ApiResponse({ status: 'default', description: 'Any refusal.', standardSchema: problem }),
  );
}
