import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/kernel';
import type { Request, Response } from 'express';
import { edgeState } from './caller.js';
import { EdgeError, problemOf } from './problem.js';

interface DriverError {
  readonly code?: string;
  readonly status?: number;
  readonly message?: string;
  readonly driverError?: { readonly code?: string };
}

// Postgres and socket errors that pass by themselves.
const passing = new Set([
  '40001',
  '40P01',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);
const badText = new Set(['22021', '22P05']);

/** Turns whatever was thrown into the refusal that the client may see; the cause goes to the log only. */
export function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return fromHttp(error);
  const { code, driverError, status, message = '' } = (error ?? {}) as DriverError;
  const reason = driverError?.code ?? code ?? '';
  if (badText.has(reason))
    return new DomainError('invalid', 'request.bad_text', 'a text holds characters that cannot be stored');
  if (passing.has(reason) || /timeout exceeded when trying to connect|Connection terminated/.test(message)) {
    return new DomainError(
      'unavailable',
      'unavailable',
      'a part of the platform is not available: repeat the request',
      {
        retryAfterSeconds: 1,
        cause: error,
      },
    );
  }
  if (status === 400) return new EdgeError(400, 'request.malformed', 'the request is malformed');
  return new DomainError(
    'internal',
    'internal',
    'something went wrong on our side; the request id leads to the reason',
    {
      cause: error,
    },
  );
}

function fromHttp(error: HttpException): DomainError {
  switch (error.getStatus()) {
    case 404:
      return new DomainError('not_found', 'route.not_found', 'there is no such route; see /docs');
    case 413:
      return new DomainError('too_large', 'request.too_large', 'the body is too large');
    case 400:
      return new EdgeError(400, 'request.malformed', 'the request is malformed');
    default:
      return new DomainError(
        'internal',
        'internal',
        'something went wrong on our side; the request id leads to the reason',
        { cause: error },
      );
  }
}

@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const refusal = refusalOf(error);
    response.locals['failure'] = error;
    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      response.destroy();
      return;
    }
    const document = problemOf(refusal, edgeState(request).requestId);
    if (refusal.retryAfterSeconds !== undefined) response.set('retry-after', String(refusal.retryAfterSeconds));
    if (document.status === 401) response.set('www-authenticate', 'Bearer realm="millrace"');
    for (const name of ['location', 'etag', 'content-disposition', 'content-length']) response.removeHeader(name);
    response.set('cache-control', 'no-store');
    response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  }
}
