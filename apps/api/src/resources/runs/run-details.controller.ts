import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  findRunStanding,
  listAttempts,
  listRunEvents,
  listRunOutputs,
  listTaskInstances,
  listTasks,
  type RunStanding,
} from '@millrace/runs';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  EventStreams,
  inReach,
  Operation,
  type Page,
  Requires,
  sendBytes,
  toPage,
} from '../../edge/index.js';
import { OutputText } from './output-text.js';
import { toAttempt, toRunEvent, toTaskInstance, toTaskOutput, toTimelineEntry } from './run.mapper.js';
import {
  attemptPage,
  eventPage,
  eventsQuery,
  listAttemptsQuery,
  listOutputsQuery,
  listTasksQuery,
  outputPage,
  outputQuery,
  runPath,
  runTaskPath,
  taskPage,
  timelinePage,
  timelineQuery,
} from './run.schema.js';
import { RunWatch } from './run-watch.js';

/** Outputs up to this many bytes are in the list; the others have a route each. */
const inlineBytes = 16 * 1024;

@ApiTags('Runs')
@Controller('v1/runs/:run')
export class RunDetailsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(RunWatch) private readonly watch: RunWatch,
    @Inject(OutputText) private readonly outputText: OutputText,
  ) {}

  @Get('tasks')
  @Requires('read')
  @Operation({
    id: 'listTasks',
    summary: 'List the tasks of a run',
    description: 'A mapped task is one line with counts; `?task=` gives its instances one by one.',
    response: taskPage,
  })
  tasks(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: listTasksQuery }) query: z.infer<typeof listTasksQuery>,
  ): Promise<z.infer<typeof taskPage>> {
    return this.ofRun(caller, path.run, async (tx) => {
      const { state, task, fromIndex } = query;
      const [after] = cursorOf(query, 1) ?? [];
      const limit = query.limit + 1;
      if (task === undefined) {
        const rows = await listTasks(tx, path.run, { state, after, limit });
        return toPage(rows, query, (row) => [row.taskId], toTaskInstance);
      }
      const first = fromIndex === undefined ? undefined : fromIndex - 1;
      const index = after === undefined ? first : Number(after);
      const rows = await listTaskInstances(tx, path.run, task, { state, after: index, limit });
      return toPage(rows, query, (row) => [String(row.mapIndex)], toTaskInstance);
    });
  }

  @Get('attempts')
  @Requires('read')
  @Operation({
    id: 'listAttempts',
    summary: 'List the attempts of a run',
    description: 'In the order in which runners took them; lost ones are among them.',
    response: attemptPage,
  })
  attempts(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: listAttemptsQuery }) query: z.infer<typeof listAttemptsQuery>,
  ): Promise<z.infer<typeof attemptPage>> {
    return this.ofRun(caller, path.run, async (tx) => {
      const { task: taskId, mapIndex, state } = query;
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listAttempts(tx, path.run, { taskId, mapIndex, state, after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.id], toAttempt);
    });
  }

  @Get('timeline')
  @Requires('read')
  @Operation({
    id: 'getTimeline',
    summary: 'Show when each attempt was where',
    description:
      'One entry for each attempt: accepted, leased, offered, started, ended, committed, the way it took and its stretch.',
    response: timelinePage,
  })
  timeline(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: timelineQuery }) query: z.infer<typeof timelineQuery>,
  ): Promise<z.infer<typeof timelinePage>> {
    return this.ofRun(caller, path.run, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listAttempts(tx, path.run, { after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.id], toTimelineEntry);
    });
  }

  @Get('outputs')
  @Requires('read')
  @Operation({
    id: 'listOutputs',
    summary: 'List the outputs of a run',
    description: 'Ordered by task and index. Long ones are named only; read them by their task.',
    response: outputPage,
  })
  outputs(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: listOutputsQuery }) query: z.infer<typeof listOutputsQuery>,
  ): Promise<z.infer<typeof outputPage>> {
    return this.ofRun(caller, path.run, async (tx) => {
      const [taskId, index] = cursorOf(query, 2) ?? [];
      const after = taskId === undefined ? undefined : { taskId, mapIndex: Number(index) };
      const rows = await listRunOutputs(tx, path.run, { after, limit: query.limit + 1, inlineBytes });
      return toPage(rows, query, (row) => [row.taskId, String(row.mapIndex)], toTaskOutput);
    });
  }

  @Get('tasks/:task/output')
  @Requires('read')
  @Operation({
    id: 'getTaskOutput',
    summary: 'Read the output of a task',
    description:
      'The JSON text that the task returned, to the byte. For a mapped task the list of all its instances, null where one has none, or one of them with `?mapIndex=`.',
    produces: 'application/json',
    problems: { 404: 'There is no such run or task, or it has no output.' },
  })
  async output(
    @Caller() caller: Caller,
    @Param({ schema: runTaskPath }) path: z.infer<typeof runTaskPath>,
    @Query({ schema: outputQuery }) query: z.infer<typeof outputQuery>,
    @Res() response: Response,
  ): Promise<void> {
    await this.ofRun(caller, path.run, () => Promise.resolve());
    const text = await this.outputText.open(caller.tenantId, path.run, path.task, query.mapIndex);
    response.type('application/json');
    await sendBytes(response, text);
  }

  @Get('events')
  @Requires('read')
  @Operation({
    id: 'listRunEvents',
    summary: 'List or follow the events of a run',
    description:
      'With `Accept: text/event-stream` a stream that resumes by `Last-Event-ID` and ends after the end of the run; otherwise a list. The stream tells of running attempts too, as events `attempt` without an id.',
    response: eventPage,
  })
  async events(
    @Caller() caller: Caller,
    @Param({ schema: runPath }) path: z.infer<typeof runPath>,
    @Query({ schema: eventsQuery }) query: z.infer<typeof eventsQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (/text\/event-stream/i.test(request.get('accept') ?? '')) {
      await this.ofRun(caller, path.run, () => Promise.resolve());
      return this.streams.serve(request, response, (lastEventId, signal) =>
        this.watch.follow(caller.tenantId, path.run, seqOf(lastEventId) ?? query.after ?? -1, signal),
      );
    }
    const page: Page<z.infer<typeof eventPage>['data'][number]> = await this.ofRun(caller, path.run, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const afterSeq = seqOf(after) ?? query.after ?? -1;
      const rows = await listRunEvents(tx, path.run, { afterSeq, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [String(row.seq)], toRunEvent);
    });
    response.json(page);
  }

  /** Works in a transaction once it is sure that the caller may see the run. */
  private ofRun<T>(
    caller: Caller,
    runId: string,
    work: (tx: TenantTransaction, standing: RunStanding) => Promise<T>,
  ): Promise<T> {
    return this.tenants.read(caller.tenantId, async (tx) =>
      work(tx, inReach(caller, 'run', await findRunStanding(tx, runId))),
    );
  }
}

function seqOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
