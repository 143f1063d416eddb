import type { Artifact } from '@millrace/runs';
import type { z } from 'zod';
import type { artifact } from './artifact.schema.js';

export function toArtifact({ environmentId: _, ...row }: Artifact): z.infer<typeof artifact> {
  return row;
}
