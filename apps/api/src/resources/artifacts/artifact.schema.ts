import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const artifact = z
  .strictObject({
    id: z.string(),
    runId: z.string(),
    taskId: z.string(),
    mapIndex: z.int().describe('-1 where the task is not mapped.'),
    attemptId: z.string(),
    attempt: z.int().describe('Number of the attempt (its fence).'),
    name: z.string().describe('Relative path, as the task named it.'),
    contentType: z.string().describe('As the task named it.'),
    sizeBytes: z.int(),
    digest: z.string().describe('`sha256:` and the SHA-256 of the bytes.'),
    createdAt: timestamp,
  })
  .meta({ id: 'Artifact' });
export const artifactPage = pageOf('ArtifactPage', artifact);

export const artifactPath = z.strictObject({ artifact: z.string() });
export const runPath = z.strictObject({ run: z.string() });
export const listArtifactsQuery = z.strictObject({
  ...pageQuery,
  task: z.string().max(200).optional().describe('Only those of this task.'),
});
