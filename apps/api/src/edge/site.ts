import type { Logger } from '@millrace/platform';
import type { NextFunction, Request, Response } from 'express';
import { sendFile } from './send-file.js';

/** Everything comes from this server, and no page of another site may frame or post to it. */
const sitePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Addresses that are the API's own, whatever they answer: a mistyped one must not look like a page. */
const ownAddresses = /^\/(v1|docs|downloads|healthz|readyz|metrics)(\/|$)/;
/** Names that the build tool makes from the content of the file. */
const hashedFiles = /^\/assets\//;

function missingPage(folder: string | undefined): string {
  const reason =
    folder === undefined
      ? 'No folder is set for it: set <code>MILLRACE_CONSOLE</code> to the folder of its build.'
      : 'It has not been built: <code>npm start</code> in the checkout builds it, and so does ' +
        '<code>npm run bundle --workspace @millrace/console</code>.';
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Millrace</title></head>
<body>
<h1>Millrace</h1>
<p>The platform is running; its web console is not here. ${reason}</p>
<p>The API: <a href="/docs">documentation</a>, <a href="/v1/openapi.json">OpenAPI document</a>.</p>
</body>
</html>
`;
}

function wantsPage(request: Request): boolean {
  return (request.get('accept') ?? '').includes('text/html');
}

export interface SiteOptions {
  /** Folder of the console's build. */
  readonly folder: string | undefined;
  readonly log: Logger;
}

/**
 * The web console: files of its build, and its `index.html` for every other address that a browser opens. What is
 * neither goes on to the API. The folder is read anew each time, so that a build is served as soon as it is there.
 */
export function site({ folder, log }: SiteOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads || ownAddresses.test(request.path)) next();
    else
      serve(folder, request, response, next).catch((error: unknown) => {
        log.error({ err: error }, 'a file of the console could not be sent');
        next(error);
      });
  };
}

async function serve(
  folder: string | undefined,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const page = wantsPage(request);
  const isFile = request.path !== '/' && request.path !== '/index.html';
  if (folder !== undefined && isFile) {
    const maxAge = hashedFiles.test(request.path) ? 'public, max-age=31536000, immutable' : 'no-cache';
    if (await sendFile(response, folder, request.path, { 'cache-control': maxAge, ...siteHeaders })) return;
  }
  if (!page || hashedFiles.test(request.path)) {
    next();
    return;
  }
  response.vary('accept');
  const headers = { 'cache-control': 'no-cache', ...siteHeaders };
  if (folder !== undefined && (await sendFile(response, folder, '/index.html', headers))) return;
  response
    .set({ 'cache-control': 'no-store', ...siteHeaders })
    .type('text/html')
    .send(missingPage(folder));
}

const siteHeaders = { 'content-security-policy': sitePolicy, 'cross-origin-opener-policy': 'same-origin' };
