import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  activateVersion,
  findPipeline,
  getVersionDetail,
  listPipelines,
  listVersions,
  pausePipeline,
  type Pipeline,
  rollBackPipeline,
  unpausePipeline,
} from '@millrace/pipelines';
import { resolveEnvironment } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, cursorOf, inReach, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import { toPipeline, toVersion, toVersionDetail } from './pipeline.mapper.js';
import {
  activateBody,
  listPipelinesQuery,
  listVersionsQuery,
  pipeline,
  pipelinePage,
  pipelinePath,
  pipelineQuery,
  versionDetail,
  versionPage,
  versionPath,
} from './pipeline.schema.js';

type PipelineView = Promise<z.infer<typeof pipeline>>;

@ApiTags('Pipelines')
@Controller('v1/pipelines')
export class PipelinesController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listPipelines', summary: 'List pipelines', response: pipelinePage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listPipelinesQuery }) query: z.infer<typeof listPipelinesQuery>,
  ): Promise<z.infer<typeof pipelinePage>> {
    return this.tenants.transaction(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listPipelines(tx, environment.id, { after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.name], toPipeline);
    });
  }

  @Get(':pipeline')
  @Requires('read')
  @Operation({ id: 'getPipeline', summary: 'Show a pipeline', response: pipeline })
  get(
    @Caller() caller: Caller,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
  ): PipelineView {
    return this.tenants.transaction(caller.tenantId, async (tx) =>
      toPipeline(await find(tx, caller, path.pipeline, query.environment)),
    );
  }

  @Get(':pipeline/versions')
  @Requires('read')
  @Operation({
    id: 'listVersions',
    summary: 'List the versions of a pipeline',
    description: 'Newest first.',
    response: versionPage,
  })
  versions(
    @Caller() caller: Caller,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: listVersionsQuery }) query: z.infer<typeof listVersionsQuery>,
  ): Promise<z.infer<typeof versionPage>> {
    return this.tenants.transaction(caller.tenantId, async (tx) => {
      const found = await find(tx, caller, path.pipeline, query.environment);
      const [number] = cursorOf(query, 1) ?? [];
      // A cursor is only text: anything but a number is past every version.
      const before = number === undefined ? undefined : /^\d{1,9}$/.test(number) ? Number(number) : 0;
      const rows = await listVersions(tx, found.id, { before, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [String(row.number)],
        (row) => toVersion(row, found.activeVersionId),
      );
    });
  }

  @Get(':pipeline/versions/:version')
  @Requires('read')
  @Operation({
    id: 'getVersion',
    summary: 'Show a version',
    description: 'With its definition, plan and files.',
    response: versionDetail,
  })
  version(
    @Caller() caller: Caller,
    @Param({ schema: versionPath }) path: z.infer<typeof versionPath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
  ): Promise<z.infer<typeof versionDetail>> {
    return this.tenants.transaction(caller.tenantId, async (tx) => {
      const found = await find(tx, caller, path.pipeline, query.environment);
      return toVersionDetail(await getVersionDetail(tx, found.id, path.version), found.activeVersionId);
    });
  }

  @Post(':pipeline\\:activate')
  @Requires('deploy')
  @Mutation()
  @Operation({
    id: 'activateVersion',
    summary: 'Activate a version',
    description: 'New runs use it; running ones keep theirs.',
    response: pipeline,
  })
  async activate(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
    @Body({ schema: activateBody }) body: z.infer<typeof activateBody>,
  ): PipelineView {
    const found = await find(tx, caller, path.pipeline, query.environment);
    return toPipeline(await activateVersion(tx, caller, found, body.version));
  }

  @Post(':pipeline\\:rollback')
  @Requires('deploy')
  @Mutation()
  @Operation({
    id: 'rollbackPipeline',
    summary: 'Roll a pipeline back',
    description: 'Activates the version that was active before the active one; a second time goes forward again.',
    response: pipeline,
  })
  async rollback(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
  ): PipelineView {
    const found = await find(tx, caller, path.pipeline, query.environment);
    return toPipeline(await rollBackPipeline(tx, caller, found));
  }

  @Post(':pipeline\\:pause')
  @Requires('run')
  @Mutation()
  @Operation({
    id: 'pausePipeline',
    summary: 'Pause a pipeline',
    description: 'It takes no new runs until it is unpaused; running ones go on, and no deployment unpauses it.',
    response: pipeline,
  })
  async pause(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
  ): PipelineView {
    const found = await find(tx, caller, path.pipeline, query.environment);
    return toPipeline(await pausePipeline(tx, caller, found));
  }

  @Post(':pipeline\\:unpause')
  @Requires('run')
  @Mutation()
  @Operation({ id: 'unpausePipeline', summary: 'Unpause a pipeline', response: pipeline })
  async unpause(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Query({ schema: pipelineQuery }) query: z.infer<typeof pipelineQuery>,
  ): PipelineView {
    const found = await find(tx, caller, path.pipeline, query.environment);
    return toPipeline(await unpausePipeline(tx, caller, found));
  }
}

async function find(tx: TenantTransaction, caller: Caller, ref: string, slug: string | undefined): Promise<Pipeline> {
  const environment = await resolveEnvironment(tx, caller.environmentId, slug);
  return inReach(caller, 'pipeline', await findPipeline(tx, environment.id, ref));
}
