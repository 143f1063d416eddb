import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import type { PipelineId, RunId } from '@millrace/kernel';
import { findPipeline } from '@millrace/pipelines';
import { CancelRun, countPageTasks, countTasks, findRun, listRuns, StartRun } from '@millrace/runs';
import { defaultEnvironment, recordAudit, resolveEnvironment } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, edgeState, inReach, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import { ParamsText } from './params-text.js';
import { toRun } from './run.mapper.js';
import {
  cancelRun,
  getRunQuery,
  listRunsQuery,
  pipelinePath,
  run,
  runPage,
  runPath,
  startPipelineRun,
  startQuery,
  startRun,
} from './run.schema.js';
import { RunWatch } from './run-watch.js';

type RunView = z.infer<typeof run>;

interface StartInput {
  readonly pipeline: string;
  readonly version?: string | number | undefined;
  readonly params: string;
  readonly environment?: string | undefined;
  readonly waitMs?: number | undefined;
}

const startDescription =
  'The run is accepted and durable when the answer comes. With `?wait=30s` the answer comes when the run has ended, or after that time.';
const startProblems = {
  409: 'The pipeline is paused, or allows no more runs at a time.',
  422: 'The params do not fit: `errors` has a pointer for each mistake.',
  429: 'A limit of the plan is reached.',
};

@ApiTags('Runs')
@Controller('v1')
export class RunsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(StartRun) private readonly startRun: StartRun,
    @Inject(CancelRun) private readonly cancelRun: CancelRun,
    @Inject(RunWatch) private readonly watch: RunWatch,
  ) {}

  @Post('pipelines/:pipeline/runs')
  @Requires('run')
  @Mutation()
  @Operation({
    id: 'startPipelineRun',
    summary: 'Run a pipeline',
    description: startDescription,
    response: run,
    status: 201,
    problems: startProblems,
  })
  startOfPipeline(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
    @Body({ schema: startPipelineRun }) body: z.infer<typeof startPipelineRun>,
    @ParamsText() params: string,
    @Query({ schema: startQuery }) query: z.infer<typeof startQuery>,
    @Req() request: Request,
  ): Promise<RunView> {
    const { environment, wait: waitMs } = query;
    return this.start(caller, tx, request, { ...path, version: body.version, params, environment, waitMs });
  }

  @Post('runs')
  @Requires('run')
  @Mutation()
  @Operation({
    id: 'startRun',
    summary: 'Run a pipeline that the body names',
    description: startDescription,
    response: run,
    status: 201,
    problems: startProblems,
  })
  startNamed(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Body({ schema: startRun }) body: z.infer<typeof startRun>,
    @ParamsText() params: string,
    @Query({ schema: startQuery }) query: z.infer<typeof startQuery>,
    @Req() request: Request,
  ): Promise<RunView> {
    const { environment, wait: waitMs } = query;
    const { pipeline, version } = body;
    return this.start(caller, tx, request, { pipeline, version, params, environment, waitMs });
  }

  @Get('runs')
  @Requires('read')
  @Operation({ id: 'listRuns', summary: 'List runs', description: 'Newest first.', response: runPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listRunsQuery }) query: z.infer<typeof listRunsQuery>,
  ): Promise<z.infer<typeof runPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const filter = {
        // A bound key sees its own environment, whichever it names.
        ...(caller.environmentId === undefined
          ? { environmentSlug: query.environment ?? defaultEnvironment }
          : { environmentId: caller.environmentId }),
        pipelineId: query.pipeline === undefined ? undefined : await pipelineIdOf(tx, caller, query),
        state: query.state,
        createdAfter: query.createdAfter,
        createdBefore: query.createdBefore,
        after,
      };
      // Sent together: one round trip.
      const [, rows, counts] = await Promise.all([
        resolveEnvironment(tx, caller.environmentId, query.environment),
        listRuns(tx, { ...filter, limit: query.limit + 1 }),
        countPageTasks(tx, { ...filter, limit: query.limit }),
      ]);
      return toPage(
        rows,
        query,
        (row) => [row.id],
        (row) => toRun(row, counts.get(row.id) ?? {}),
      );
    });
  }

  @Get('runs/:run')
  @Requires('read')
  @Operation({
    id: 'getRun',
    summary: 'Show a run',
    description: 'With `?wait=30s` the answer comes when the run has ended, or after that time.',
    response: run,
  })
  async get(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: getRunQuery }) query: z.infer<typeof getRunQuery>,
    @Req() request: Request,
  ): Promise<RunView> {
    const found = await this.read(caller, path.run);
    if (query.wait === undefined || found.endedAt !== null) return found;
    await this.watch.untilEnded(caller.tenantId, found.id, query.wait, leaving(request));
    return this.read(caller, path.run);
  }

  @Get('runs/:run/params')
  @Requires('read')
  @Operation({
    id: 'getRunParams',
    summary: 'Read the params of a run',
    description: 'The JSON text, every digit as it was sent, defaults filled in.',
    produces: 'application/json',
  })
  async params(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Res() response: Response,
  ): Promise<void> {
    const text = await this.tenants.read(
      caller.tenantId,
      async (tx) => inReach(caller, 'run', await findRun(tx, path.run)).params,
    );
    response.type('application/json').send(text);
  }

  @Post('runs/:run\\:cancel')
  @Requires('run')
  @Mutation()
  @Operation({
    id: 'cancelRun',
    summary: 'Cancel a run',
    description:
      'Running attempts are stopped, all their processes included; what has not begun never will. The run is `cancelled` when all of it has stopped; a repeat changes nothing.',
    response: run,
    problems: { 409: 'The run has ended.' },
  })
  async cancel(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Body({ schema: cancelRun }) body: z.infer<typeof cancelRun>,
  ): Promise<RunView> {
    await this.cancelRun.execute(tx, {
      runId: path.run as RunId,
      by: caller.actor,
      reason: body.reason,
      onlyEnvironmentId: caller.environmentId,
    });
    await recordAudit(tx, { ...caller, action: 'run.cancelled', target: path.run });
    return view(tx, caller, path.run);
  }

  private async start(caller: Caller, tx: TenantTransaction, request: Request, input: StartInput): Promise<RunView> {
    const runId = await this.accept(caller, tx, input);
    // Sent together: the transaction is over one round trip sooner, and what it has leased is pushed.
    const [shown] = await Promise.all([
      view(tx, caller, runId),
      recordAudit(tx, { ...caller, action: 'run.started', target: runId }),
    ]);
    request.res?.location(`/v1/runs/${runId}`);
    const { waitMs } = input;
    if (waitMs !== undefined) {
      edgeState(request).finish = async () => {
        await this.watch.untilEnded(caller.tenantId, runId, waitMs, leaving(request));
        return this.read(caller, runId);
      };
    }
    return shown;
  }

  private async accept(caller: Caller, tx: TenantTransaction, input: StartInput): Promise<RunId> {
    const { environmentId } = caller;
    const place =
      environmentId === undefined ? { environmentSlug: input.environment ?? defaultEnvironment } : { environmentId };
    // Sent together: one round trip. What was written for an environment that is not there is rolled back.
    const [environment, started] = await Promise.allSettled([
      resolveEnvironment(tx, environmentId, input.environment),
      this.startRun.execute(tx, {
        ...place,
        onlyEnvironmentId: environmentId,
        pipeline: input.pipeline,
        version: input.version === undefined ? undefined : String(input.version),
        params: input.params,
        trigger: 'api',
        createdBy: caller.actor,
      }),
    ]);
    if (environment.status === 'rejected') throw environment.reason;
    if (started.status === 'rejected') throw started.reason;
    return started.value;
  }

  private read(caller: Caller, runId: string): Promise<RunView> {
    return this.tenants.read(caller.tenantId, (tx) => view(tx, caller, runId));
  }
}

async function view(tx: TenantTransaction, caller: Caller, runId: string): Promise<RunView> {
  const [run, counts] = await Promise.all([findRun(tx, runId), countTasks(tx, [runId])]);
  return toRun(inReach(caller, 'run', run), counts.get(runId) ?? {});
}

/** Aborted when the client goes away. */
function leaving(request: Request): AbortSignal {
  const controller = new AbortController();
  request.res?.once('close', () => controller.abort());
  return controller.signal;
}

/** The pipeline that the list is of. Throws `environment.not_found`, `pipeline.not_found`. */
async function pipelineIdOf(
  tx: TenantTransaction,
  caller: Caller,
  query: { readonly environment?: string | undefined; readonly pipeline?: string | undefined },
): Promise<PipelineId> {
  const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
  return inReach(caller, 'pipeline', await findPipeline(tx, environment.id, query.pipeline ?? '')).id;
}
