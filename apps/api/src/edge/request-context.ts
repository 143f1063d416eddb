import { newId } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import { metrics, withLogFields } from '@millrace/platform';
import type { NextFunction, Request, Response } from 'express';
import { Histogram } from 'prom-client';
import { edgeState, openEdgeState } from './caller.js';

const durations = new Histogram({
  name: 'millrace_http_request_duration_seconds',
  help: 'Time from the arrival of a request to the end of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers: [metrics],
});

const clientIdForm = /^[A-Za-z0-9._-]{1,100}$/;

/** The pattern of the matched route: never the address itself, which has ids and would be a label for each. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path.replaceAll('\\', '') : 'unmatched';
}

export interface RequestContextOptions {
  readonly log: Logger;
  /** True where people reach the API over HTTPS. */
  readonly secure: boolean;
}

/** First of all middleware: request id, security headers, one log line and one measurement for each request. */
export function requestContext({ log, secure }: RequestContextOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && clientIdForm.test(given) ? given : newId('request');
    openEdgeState(request, { requestId, startedMs: performance.now() });
    response.set({
      'x-request-id': requestId,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    });
    response.on('close', () => report(log, request, response));
    withLogFields({ requestId }, next);
  };
}

function report(log: Logger, request: Request, response: Response): void {
  const { startedMs, caller, requestId } = edgeState(request);
  const ms = performance.now() - startedMs;
  const route = routeOf(request);
  durations.observe({ method: request.method, route, status: String(response.statusCode) }, ms / 1000);
  const line = {
    requestId,
    method: request.method,
    route,
    status: response.statusCode,
    ms: Math.round(ms * 10) / 10,
    ...(response.writableFinished ? {} : { brokenOff: true }),
    ...(caller === undefined ? {} : { tenantId: caller.tenantId, actor: caller.actor }),
  };
  if (response.statusCode < 500) log.info(line, 'request');
  else log.error({ ...line, err: response.locals['failure'] as unknown }, 'request failed');
}
