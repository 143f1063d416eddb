import type { Request, Response } from 'express';
import { json, raw } from 'express';
import { DomainError } from '@millrace/kernel';
import { edgeState } from './caller.js';
import { EdgeError } from './problem.js';
import type { UploadOptions } from './route.js';

export const maxJsonBytes = 1024 * 1024;
const maxDepth = 64;

type Parser = (request: Request, response: Response, next: (error?: unknown) => void) => void;

interface ParserError {
  readonly type?: string;
  readonly message: string;
  readonly limit?: number;
  readonly expected?: number;
}

function keepRaw(request: unknown, _response: unknown, buffer: Buffer): void {
  edgeState(request as Request).rawBody = buffer;
}

function jsonParser(limit: number): Parser {
  return json({ limit, strict: false, type: () => true, inflate: true, verify: keepRaw }) as Parser;
}

const jsonBody = jsonParser(maxJsonBytes);
const uploads = new Map<UploadOptions, { readonly binary: Parser; readonly json: Parser | undefined }>();

function uploadParsers(options: UploadOptions): { readonly binary: Parser; readonly json: Parser | undefined } {
  const known = uploads.get(options);
  if (known !== undefined) return known;
  const parsers = {
    // A compressed bundle is the body; unpacking a Content-Encoding on top would only help a bomb.
    binary: raw({ limit: options.maxBytes, type: () => true, inflate: false, verify: keepRaw }) as Parser,
    json: options.maxJsonBytes === undefined ? undefined : jsonParser(options.maxJsonBytes),
  };
  uploads.set(options, parsers);
  return parsers;
}

function mediaType(request: Request): string {
  return (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

function refusal(error: ParserError): Error {
  switch (error.type) {
    case 'entity.too.large':
      return new DomainError(
        'too_large',
        'request.too_large',
        `the body is larger than the ${error.limit ?? 0} bytes that this route takes`,
      );
    case 'entity.parse.failed':
      return new EdgeError(400, 'request.not_json', `the body is not JSON: ${error.message.slice(0, 200)}`);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new EdgeError(415, 'request.unsupported_encoding', error.message);
    case 'request.aborted':
    case 'request.size.invalid':
      return new EdgeError(400, 'request.broken_off', 'the body ended before its Content-Length');
    default:
      return error as unknown as Error;
  }
}

function run(parser: Parser, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    parser(request, response, (error) => {
      if (error === undefined) resolve();
      else reject(refusal(error as ParserError));
    });
  });
}

/**
 * Reads the body, after the caller is known: strangers cannot make the process buffer anything. JSON up to 1 MiB, or
 * what the route's `@Upload` says.
 */
export async function readBody(request: Request, response: Response, upload: UploadOptions | undefined): Promise<void> {
  if (!hasBody(request)) return;
  const type = mediaType(request);
  const isJson = type === 'application/json';
  if (upload !== undefined && upload.types.includes(type)) {
    await run(uploadParsers(upload).binary, request, response);
    return;
  }
  const parser = upload === undefined ? jsonBody : uploadParsers(upload).json;
  if (!isJson || parser === undefined) {
    const accepted = [...(upload?.types ?? []), ...(parser === undefined ? [] : ['application/json'])];
    throw new EdgeError(
      415,
      'request.unsupported_media_type',
      `send the body as ${accepted.join(' or ')}, not as ${type === '' ? 'untyped bytes' : type}`,
    );
  }
  await run(parser, request, response);
  refuseBadText(request.body);
}

/**
 * Refuses what JSON allows and nothing behind us can keep: NUL characters and lone surrogates (Postgres text has
 * neither), and nesting that would exhaust a recursive reader.
 */
function refuseBadText(root: unknown): void {
  const queue: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: root, pointer: '', depth: 0 },
  ];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const { value, pointer, depth } = entry;
    if (typeof value === 'string') refuseText(value, pointer);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= maxDepth) {
      throw new DomainError('invalid', 'request.too_deep', `the body is nested deeper than ${maxDepth} levels`);
    }
    for (const [key, child] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      refuseText(key, at);
      queue.push({ value: child, pointer: at, depth: depth + 1 });
    }
  }
}

function refuseText(text: string, pointer: string): void {
  if (isCleanText(text)) return;
  throw new DomainError('invalid', 'request.bad_text', 'the body holds a NUL character or a lone surrogate', {
    details: [
      {
        code: 'request.bad_text',
        message: 'NUL characters and lone surrogates cannot be stored',
        pointer: pointer.slice(0, 500),
      },
    ],
  });
}

/** False for text with NUL or unpaired surrogates. */
export function isCleanText(text: string): boolean {
  return !text.includes('\0') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
