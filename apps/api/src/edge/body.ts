import { DomainError } from '@millrace/kernel';
import type { Request } from 'express';
import { edgeState } from './caller.js';
import { EdgeError } from './problem.js';
import type { UploadOptions } from './route.js';

export const maxJsonBytes = 1024 * 1024;
const maxDepth = 64;

function mediaTypeOf(request: Request): string {
  return (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

function tooLarge(limit: number): DomainError {
  return new DomainError(
    'too_large',
    'request.too_large',
    `the body is larger than the ${limit} bytes that this route takes`,
    {
      facts: { maxBytes: limit },
    },
  );
}

function brokenOff(): EdgeError {
  return new EdgeError(400, 'request.broken_off', 'the connection ended before the body did');
}

/** Collects the bytes; never holds more than the limit. */
function bytesOf(request: Request, limit: number): Promise<Buffer> {
  if (Number(request.get('content-length') ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        // What still comes is thrown away, so that the client gets to read the answer.
        request.resume();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks, size)));
    request.once('error', () => reject(brokenOff()));
    request.once('close', () => reject(brokenOff()));
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new EdgeError(400, 'request.not_json', 'the body is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EdgeError(400, 'request.not_json', `the body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

/**
 * Reads the body, after the caller is known: strangers cannot make the process hold much. JSON up to 1 MiB, or what the
 * route's `@Upload` says.
 */
export async function readBody(request: Request, upload: UploadOptions | undefined): Promise<void> {
  if (!hasBody(request)) return;
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new EdgeError(415, 'request.unsupported_encoding', `send the body without the Content-Encoding ${encoding}`);
  }
  const type = mediaTypeOf(request);
  const isUpload = upload?.types.includes(type) === true;
  const jsonLimit = upload === undefined ? maxJsonBytes : upload.maxJsonBytes;
  if (!isUpload && (type !== 'application/json' || jsonLimit === undefined)) {
    const accepted = [...(upload?.types ?? []), ...(jsonLimit === undefined ? [] : ['application/json'])];
    throw new EdgeError(
      415,
      'request.unsupported_media_type',
      `send the body as ${accepted.join(' or ')}, not as ${type === '' ? 'untyped bytes' : type}`,
    );
  }
  const bytes = await bytesOf(request, isUpload ? upload.maxBytes : (jsonLimit ?? maxJsonBytes));
  edgeState(request).rawBody = bytes;
  if (isUpload) request.body = bytes;
  else if (bytes.length > 0) {
    request.body = parseJson(bytes);
    refuseBadText(request.body);
  }
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
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`.slice(0, 500);
      refuseText(key, at);
      queue.push({ value: child, pointer: at, depth: depth + 1 });
    }
  }
}

function refuseText(text: string, pointer: string): void {
  if (isCleanText(text)) return;
  throw new DomainError('invalid', 'request.bad_text', 'the body holds a NUL character or a lone surrogate', {
    details: [{ code: 'request.bad_text', message: 'NUL characters and lone surrogates cannot be stored', pointer }],
  });
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** False for text with NUL or unpaired surrogates. */
export function isCleanText(text: string): boolean {
  return !text.includes('\0') && !loneSurrogate.test(text);
}
