import type { Response } from 'express';
import { EdgeError } from './problem.js';

/** Errors of a file that is not there, or that nobody outside may see. */
const absent = new Set([400, 403, 404]);

/**
 * Sends a file of the folder, with its type, ranges and `If-None-Match`; false, and nothing sent, where there is no such
 * file. The path is as it stands in the address; it cannot leave the folder, nor name a file that begins with a dot.
 */
export function sendFile(
  response: Response,
  folder: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { root: folder, dotfiles: 'ignore' as const, cacheControl: false, headers };
    response.sendFile(path.replace(/^\/+/, ''), options, (error?: Error & { status?: number; code?: string }) => {
      // A client that leaves is no error.
      if (error === undefined || response.headersSent || error.code === 'ECONNABORTED') resolve(true);
      else if (absent.has(error.status ?? 0) || error.code === 'EISDIR') resolve(false);
      else reject(refused(error));
    });
  });
}

function refused(error: Error & { status?: number }): Error {
  if (error.status === 412) return new EdgeError(412, 'precondition.failed', 'the file has changed since');
  if (error.status === 416) return new EdgeError(416, 'request.bad_range', 'the file has no such bytes');
  return error;
}
