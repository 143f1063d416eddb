import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { invalidConfig } from './read-config.js';

/** The private destinations that the operator opened to an organization, named by its slug. */
export type EgressOpenings = (organization: string) => readonly { readonly host: string; readonly port: number }[];

const openingsFile = z.array(
  z.strictObject({
    organization: z.string().min(1),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
  }),
);

/** Reads the operator's file of private addresses opened to named organizations; without a file nothing is open. */
export async function readEgressOpenings(file: string | undefined): Promise<EgressOpenings> {
  if (file === undefined) return () => [];
  const parsed = openingsFile.safeParse(await readJson(file));
  if (!parsed.success) {
    throw invalidConfig(
      parsed.error.issues.map((issue) => ({
        code: 'config.invalid',
        pointer: `/MILLRACE_EGRESS_OPEN/${issue.path.join('/')}`,
        message: `MILLRACE_EGRESS_OPEN: ${file}, at /${issue.path.join('/')}: ${issue.message}`,
        hint: 'a list such as [{ "organization": "slug", "host": "10.0.0.5", "port": 5432 }]',
      })),
    );
  }
  const openings = parsed.data;
  return (organization) =>
    openings.filter((one) => one.organization === organization).map(({ host, port }) => ({ host, port }));
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw invalidConfig([
      {
        code: 'config.invalid',
        pointer: '/MILLRACE_EGRESS_OPEN',
        message: `MILLRACE_EGRESS_OPEN: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      },
    ]);
  }
}
