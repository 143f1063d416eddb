import { deploymentStates, maxFiles } from '@millrace/pipelines';
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

const source = z
  .strictObject({
    repository: z.string().optional(),
    commit: z.string().optional(),
    branch: z.string().optional(),
    message: z.string().optional(),
    dirty: z.boolean().optional().describe('The working copy had changes beyond the commit.'),
  })
  .meta({ id: 'DeploymentSource' });

export const deployment = z
  .strictObject({
    id: z.string(),
    environmentId: z.string(),
    state: z.enum(deploymentStates).describe('`building` until the dependencies are built; then `ready` or `failed`.'),
    message: z.string().nullable(),
    source: source.nullable().describe('Where the bundle came from, as the client said.'),
    bundleDigest: z.string(),
    versions: z.array(deployedVersion).describe('Empty until the deployment is ready.'),
    dependencies: z.array(dependency),
    error: failure.nullable(),
    activate: z.boolean(),
    rollbackOf: z.string().nullable().describe('The deployment that this one undid.'),
    promotedFrom: z
      .string()
      .nullable()
      .describe('The deployment of another environment whose versions this one took over.'),
    createdBy: z.string(),
    createdAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .meta({ id: 'Deployment' });
export const deploymentPage = pageOf('DeploymentPage', deployment);

const change = z.enum(['added', 'changed', 'removed']);
const fieldChange = z
  .strictObject({
    path: z.string().describe('JSON Pointer into the definition.'),
    change,
    from: z.unknown().describe('Null where it was added.'),
    to: z.unknown().describe('Null where it was removed.'),
  })
  .meta({ id: 'FieldChange' });
const versionRef = z.strictObject({ versionId: z.string(), number: z.int() }).nullable();

const pipelineChange = z
  .strictObject({
    pipeline: z.string(),
    change: z.enum(['added', 'changed', 'removed', 'unchanged']),
    from: versionRef.describe('The version before; null where there is none.'),
    to: versionRef.describe('The version after; null where there is none, or where a bundle has not become one yet.'),
    fields: z.array(fieldChange).describe('Fields outside of the tasks. Lists are compared as a whole.'),
    tasks: z.array(
      z
        .strictObject({
          task: z.string(),
          change,
          fields: z.array(fieldChange),
          codeChanged: z
            .boolean()
            .describe('The file that it runs differs; for compiled code, anything that it imports from the bundle.'),
        })
        .meta({ id: 'TaskChange' }),
    ),
    files: z
      .array(z.strictObject({ path: z.string(), change }).meta({ id: 'FileChange' }))
      .describe(`Files of the bundle that differ, at most ${maxFiles}.`),
    filesChanged: z.int().describe('How many files of the bundle differ.'),
    dependencies: z.array(
      z
        .strictObject({ kind: z.string(), from: z.string().nullable(), to: z.string().nullable() })
        .meta({ id: 'DependencyChange' }),
    ),
  })
  .meta({ id: 'PipelineChange' });

const diffSide = z
  .strictObject({
    kind: z.enum(['environment', 'deployment', 'version', 'bundle']),
    ref: z.string().nullable().describe('Slug or id; null for a bundle.'),
  })
  .meta({ id: 'DiffSide' });

export const deploymentDiff = z
  .strictObject({ from: diffSide, to: diffSide, pipelines: z.array(pipelineChange) })
  .meta({ id: 'DeploymentDiff' });

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
    changes: z.array(pipelineChange).describe('What a deployment would change in the environment.'),
  })
  .meta({ id: 'BundleValidation' });

export const listDeploymentsQuery = z.strictObject({
  ...pageQuery,
  ...environmentQuery,
  pipeline: z.string().max(100).optional().describe('Name or id of a pipeline that the deployment made a version of.'),
});
export const createDeploymentQuery = z.strictObject({
  ...environmentQuery,
  activate: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false`: make the versions, but leave the active ones as they are.'),
  message: z.string().max(500).optional().describe('What the deployment is about, for people.'),
  repository: z.string().max(500).optional().describe('Where the bundle comes from: address of the repository.'),
  commit: z.string().max(100).optional().describe('Commit of the bundle.'),
  branch: z.string().max(255).optional().describe('Branch of the commit.'),
  commitMessage: z.string().max(500).optional().describe('Message of the commit.'),
  dirty: z.enum(['true', 'false']).optional().describe('`true`: the working copy had changes beyond the commit.'),
});

const diffRef = z
  .string()
  .max(100)
  .optional()
  .describe('Id of a version or of a deployment, or slug of an environment (its active versions).');
export const diffQuery = z.strictObject({ ...environmentQuery, from: diffRef, to: diffRef });
export const promoteBody = z
  .strictObject({
    environment: z.string().min(1).max(63).describe('Slug of the environment to deploy to.'),
    activate: z.boolean().default(true).describe('`false`: make the versions, but leave the active ones as they are.'),
    message: z
      .string()
      .max(500)
      .optional()
      .describe('What the deployment is about; default: the message of the first.'),
  })
  .meta({ id: 'PromoteDeployment' });
export const validateBundleQuery = z.strictObject(environmentQuery);
export const deploymentPath = z.strictObject({ deployment: z.string() });
export const getDeploymentQuery = z.strictObject({ wait: waitQuery });
