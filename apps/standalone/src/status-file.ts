import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRecord } from '@millrace/embedded';
import { z } from 'zod';

const statusSchema = z.object({
  /** The process that keeps the others running. */
  pid: z.number(),
  startedAt: z.iso.datetime(),
  /** True from the first moment that the API answered until the platform stops. */
  ready: z.boolean(),
  home: z.string(),
  urls: z.object({ api: z.string(), local: z.string(), docs: z.string(), temporalUi: z.string().nullable() }),
  processes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['starting', 'running', 'waiting', 'stopped']),
      pid: z.number().nullable(),
      port: z.number().nullable(),
      restarts: z.number(),
    }),
  ),
});

/** What the running platform says of itself, for `npm run status` and the tests. */
export type PlatformStatus = z.infer<typeof statusSchema>;

function fileIn(stateFolder: string): string {
  return join(stateFolder, 'status.json');
}

export function writeStatus(stateFolder: string, status: PlatformStatus): Promise<void> {
  return writeRecord(fileIn(stateFolder), status);
}

/** The last word of the platform of this folder, which may have died since; `undefined` when there is none. */
export async function readStatus(stateFolder: string): Promise<PlatformStatus | undefined> {
  try {
    return statusSchema.parse(JSON.parse(await readFile(fileIn(stateFolder), 'utf8')));
  } catch {
    return undefined;
  }
}
