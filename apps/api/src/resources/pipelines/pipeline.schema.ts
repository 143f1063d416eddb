import { notifyEvents } from '@millrace/contracts';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const pipeline = z
  .strictObject({
    id: z.string(),
    environmentId: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    activeVersion: z
      .strictObject({ id: z.string(), number: z.int() })
      .nullable()
      .describe('What new runs use; null where no version was activated yet.'),
    paused: z.boolean().describe('A paused pipeline takes no new runs.'),
    pausedAt: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Pipeline' });
export const pipelinePage = pageOf('PipelinePage', pipeline);

const versionFields = {
  id: z.string(),
  pipelineId: z.string(),
  number: z.int().describe('Counts from 1 within the pipeline.'),
  digest: z.string().describe('Digest of the content: definition, files, exact dependencies.'),
  active: z.boolean(),
  bundleDigest: z.string(),
  deploymentId: z.string(),
  createdAt: timestamp,
};

export const version = z.strictObject(versionFields).meta({ id: 'Version' });
export const versionPage = pageOf('VersionPage', version);

export const versionDetail = z
  .strictObject({
    ...versionFields,
    definition: z.unknown().describe('The definition as it was pushed.'),
    sourceFile: z.string().nullable().describe('File of the bundle that holds the definition.'),
    plan: z.unknown().describe('What a run carries out: every default resolved.'),
    params: z.unknown().describe('JSON Schema (2020-12) of the params of a run.'),
    notify: z
      .array(
        z.strictObject({
          on: z.array(z.enum(notifyEvents)),
          email: z.array(z.string()).optional(),
          webhook: z.string().optional(),
        }),
      )
      .nullable()
      .describe('Who is told of what; null where the definition does not say.'),
    deadlineMs: z.int().nullable().describe('From the creation of a run to its end, in milliseconds.'),
    files: z.array(
      z.strictObject({
        path: z.string(),
        sizeBytes: z.int(),
        digest: z.string().optional().describe('SHA-256 of the content; absent in bundles pushed before 0.2.0.'),
      }),
    ),
  })
  .meta({ id: 'VersionDetail' });

export const listPipelinesQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const pipelineQuery = z.strictObject(environmentQuery);
export const listVersionsQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const pipelinePath = z.strictObject({ pipeline: z.string().describe('Id or name of the pipeline.') });
export const versionPath = z.strictObject({
  pipeline: z.string().describe('Id or name of the pipeline.'),
  version: z.string().describe('Id or number of the version.'),
});
export const activateBody = z
  .strictObject({
    version: z.union([z.int().positive(), z.string().min(1).max(100)]).describe('Number or id of the version.'),
  })
  .meta({ id: 'ActivateVersion' });
