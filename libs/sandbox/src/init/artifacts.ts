import { constants, type Dirent, readdirSync } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chunkBytes, type InitHeader, maxArtifactNameLength, maxArtifacts } from '../protocol.js';

const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.ndjson': 'application/x-ndjson',
  '.parquet': 'application/vnd.apache.parquet',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

/** A file that will be handed to the host: held open, so that what was counted is what is sent. */
interface OpenArtifact {
  readonly name: string;
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly contentType?: string;
}

export interface Collection {
  readonly files: readonly OpenArtifact[];
  /** Why there are none: too many, too large, or a name that cannot be kept. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Also where the task has removed it. */
function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return true;
  }
}

/** Opens every regular file below the directory; links and special files are left out and named on stderr. */
export async function collectArtifacts(
  directory: string,
  declaredTypes: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<Collection> {
  const files: OpenArtifact[] = [];
  let total = 0;
  // Most tasks leave none; asking in another thread would cost more than the answer.
  if (isEmpty(directory)) return { files };
  const fail = async (code: string, message: string): Promise<Collection> => {
    await Promise.all(files.map((file) => file.handle.close()));
    return { files: [], problem: { code, message } };
  };
  for await (const { name, entry } of walk(directory, '')) {
    if (!entry.isFile()) {
      process.stderr.write(`artifact ${name} was left out: it is not a regular file\n`);
      continue;
    }
    if (name.length > maxArtifactNameLength) {
      return fail('artifact.bad_name', `an artifact's name is over ${maxArtifactNameLength} characters`);
    }
    if (files.length === maxArtifacts) {
      return fail('artifact.too_many', `the task left more than ${maxArtifacts} artifacts`);
    }
    const handle = await open(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW);
    const { size } = await handle.stat();
    const contentType = declaredTypes[name] ?? contentTypes[extname(name).toLowerCase()];
    files.push({ name, handle, sizeBytes: size, ...(contentType === undefined ? {} : { contentType }) });
    total += size;
    if (total > maxBytes) {
      return fail('artifact.too_large', `the task's artifacts are over the limit of ${maxBytes} bytes together`);
    }
  }
  return { files };
}

async function* walk(directory: string, prefix: string): AsyncGenerator<{ name: string; entry: Dirent }> {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(directory, name);
    else yield { name, entry };
  }
}

/** Sends the files one after the other and closes them. */
export async function sendArtifacts(
  files: readonly OpenArtifact[],
  send: (header: InitHeader, body?: Uint8Array) => Promise<void>,
): Promise<void> {
  for (const { handle, name, sizeBytes, contentType } of files) {
    await send({ type: 'artifact', name, sizeBytes, ...(contentType === undefined ? {} : { contentType }) });
    for (let sent = 0; sent < sizeBytes;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, sent);
      if (bytesRead === 0) break;
      const part = buffer.subarray(0, Math.min(bytesRead, sizeBytes - sent));
      sent += part.length;
      await send({ type: 'chunk' }, part);
    }
    await handle.close();
  }
}
