import { deploymentStates } from '@millrace/pipelines';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp, waitQuery } from '../../edge/index.js';

const deployedVersion = z
  .strictObject({
    pipelineId: z.string(),
    pipeline: z.string().describe('Name of the pipeline.'),
    versionId: z.string(),
    number: z.int(),
    isNew: z.boolean().describe('False where a version of the same content was there already.'),
    activated: z
      .boolean()
      .describe('False where activation was not asked for, or a later deployment activated another version meanwhile.'),
    previousVersionId: z.string().nullable().describe('The version that was active before.'),
  })
  .meta({ id: 'DeployedVersion' });

const dependency = z
  .strictObject({ kind: z.enum(['npm', 'pip']), digest: z.string().describe('Digest of the dependency files.') })
  .meta({ id: 'DeploymentDependency' });

const failure = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    errors: z.array(z.strictObject({ code: z.string(), message: z.string(), file: z.string().optional() })),
  })
  .meta({ id: 'DeploymentFailure' });

export const deployment = z
  .strictObject({
    id: z.string(),
    environmentId: z.string(),
    state: z.enum(deploymentStates).describe('`building` until the dependencies are built; then `ready` or `failed`.'),
    message: z.string().nullable(),
    bundleDigest: z.string(),
    versions: z.array(deployedVersion).describe('Empty until the deployment is ready.'),
    dependencies: z.array(dependency),
    error: failure.nullable(),
    activate: z.boolean(),
    rollbackOf: z.string().nullable().describe('The deployment that this one undid.'),
    createdBy: z.string(),
    createdAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .meta({ id: 'Deployment' });
export const deploymentPage = pageOf('DeploymentPage', deployment);

export const validation = z
  .strictObject({
    valid: z.literal(true),
    pipelines: z.array(
      z
        .strictObject({ pipeline: z.string(), file: z.string().nullable(), tasks: z.int() })
        .meta({ id: 'ValidPipeline' }),
    ),
    bundle: z.strictObject({ digest: z.string(), sizeBytes: z.int(), files: z.int() }),
    dependencies: z.array(dependency),
  })
  .meta({ id: 'BundleValidation' });

export const listDeploymentsQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const createDeploymentQuery = z.strictObject({
  ...environmentQuery,
  activate: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false`: make the versions, but leave the active ones as they are.'),
  message: z.string().max(500).optional().describe('What the deployment is about, for people.'),
});
export const validateBundleQuery = z.strictObject(environmentQuery);
export const deploymentPath = z.strictObject({ deployment: z.string() });
export const getDeploymentQuery = z.strictObject({ wait: waitQuery });
