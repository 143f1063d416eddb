import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends what the source gives, as fast as the client takes it. The status and the headers are set before. A client that
 * leaves is no error; a source that fails breaks the answer off, so that half of it does not look like all of it.
 */
export async function sendBytes(response: Response, source: AsyncIterable<Uint8Array | string>): Promise<void> {
  // Node throws the body of such an answer away: it need not be read.
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(source, { objectMode: false }), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
