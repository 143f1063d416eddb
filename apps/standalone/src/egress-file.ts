import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidConfig } from '@millrace/platform';
import { z } from 'zod';

/** Slug of the organization that the tour signs up; what the samples talk to is opened to it alone. */
export const sampleOrganization = 'sample';

const openingsSchema = z.array(
  z.strictObject({
    organization: z.string().min(1),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
  }),
);

type Openings = z.infer<typeof openingsSchema>;

async function operatorsOpenings(file: string | undefined): Promise<Openings> {
  if (file === undefined) return [];
  const result = openingsSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (result.success) return result.data;
  throw invalidConfig(
    result.error.issues.map((issue) => ({
      code: 'config.invalid',
      pointer: `/MILLRACE_EGRESS_OPEN/${issue.path.join('/')}`,
      message: `MILLRACE_EGRESS_OPEN: ${file}, at /${issue.path.join('/')}: ${issue.message}`,
      hint: 'a list such as [{ "organization": "slug", "host": "10.0.0.5", "port": 5432 }]',
    })),
  );
}

/** Writes the openings of this instance, the operator's and those of the samples; returns the file. */
export async function writeEgressFile(
  configFolder: string,
  operatorsFile: string | undefined,
  samplePorts: readonly number[],
): Promise<string> {
  const samples = samplePorts.map((port) => ({ organization: sampleOrganization, host: '127.0.0.1', port }));
  const file = join(configFolder, 'egress-open.json');
  const openings = [...(await operatorsOpenings(operatorsFile)), ...samples];
  await writeFile(file, `${JSON.stringify(openings, null, 2)}\n`, { mode: 0o644 });
  return file;
}
