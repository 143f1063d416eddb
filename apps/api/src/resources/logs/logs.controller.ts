import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { RunId } from '@millrace/kernel';
import type { AttemptPlace } from '@millrace/runs';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  type Cursor,
  cursorOf,
  EdgeError,
  encodeCursor,
  EventStreams,
  Operation,
  Requires,
  sendBytes,
} from '../../edge/index.js';
import { LogPages, type RunLogPlace } from './log-pages.js';
import { LogStream, placeOf } from './log-stream.js';
import { endNotice, textOf, toLogItem, toRunLogItem } from './log.mapper.js';
import {
  defaultLogLines,
  logPage,
  logStreamQuery,
  runLogPage,
  runLogPath,
  runLogQuery,
  taskLogPath,
  taskLogQuery,
} from './log.schema.js';

/** Text of a log, and where what follows it begins. */
interface TextPart {
  readonly text: string;
  readonly next: Cursor | undefined;
}

@ApiTags('Logs')
@Controller('v1/runs')
export class LogsController {
  constructor(
    @Inject(LogPages) private readonly pages: LogPages,
    @Inject(LogStream) private readonly stream: LogStream,
    @Inject(EventStreams) private readonly streams: EventStreams,
  ) {}

  @Get(':run/tasks/:task/logs')
  @Requires('read')
  @Operation({
    id: 'getTaskLog',
    summary: 'Read the log of a task',
    description: 'Of one attempt. Lines that were written and are not there are named as gaps.',
    response: logPage,
  })
  async task(
    @Caller() caller: Caller,
    @Param({ schema: taskLogPath }) path: z.infer<typeof taskLogPath>,
    @Query({ schema: taskLogQuery }) query: z.infer<typeof taskLogQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<z.infer<typeof logPage> | undefined> {
    const [fence, after] = numbersOf(query.cursor) ?? [query.attempt, 0];
    const place = attemptPlace(path, query.mapIndex, fence);
    if (query.format === 'text') {
      const part = (cursor: Cursor | undefined): Promise<TextPart> => {
        const at =
          cursor === undefined
            ? { place, after }
            : { place: { ...place, fence: Number(cursor[0]) }, after: Number(cursor[1]) };
        return this.taskText(caller, at.place, at.after, query.limit);
      };
      await sendText(request, response, query.limit, part);
      return undefined;
    }
    const slice = await this.pages.ofAttempt(caller, place, { after, limit: query.limit ?? defaultLogLines });
    const page = {
      attempt: slice.attempt?.fence ?? null,
      state: slice.attempt?.state ?? null,
      data: slice.items.map(toLogItem),
      complete: slice.complete,
      ...(slice.incomplete ? { incomplete: true as const } : {}),
      nextCursor:
        slice.more && slice.attempt !== undefined
          ? encodeCursor([String(slice.attempt.fence), String(slice.after)])
          : null,
    };
    response.json(page);
    return page;
  }

  @Get(':run/tasks/:task/logs\\:stream')
  @Requires('read')
  @Operation({
    id: 'streamTaskLog',
    summary: 'Follow the log of a task',
    description:
      'Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state, complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt has begun, it waits for one. `Last-Event-ID` goes on after that event.',
    produces: 'text/event-stream',
  })
  async follow(
    @Caller() caller: Caller,
    @Param({ schema: taskLogPath }) path: z.infer<typeof taskLogPath>,
    @Query({ schema: logStreamQuery }) query: z.infer<typeof logStreamQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { fence, after } = placeOf(request.get('last-event-id'), query.attempt);
    const place = attemptPlace(path, query.mapIndex, fence);
    // What is not there is refused while a refusal can still be sent.
    await this.pages.ofAttempt(caller, place, { after: 0, limit: 1 });
    await this.streams.serve(request, response, (_, signal) => this.stream.follow(caller, place, after, signal));
  }

  @Get(':run/logs')
  @Requires('read')
  @Operation({
    id: 'getRunLog',
    summary: 'Read the logs of a run',
    description: 'Of all attempts, one after the other in the order in which they began.',
    response: runLogPage,
  })
  async run(
    @Caller() caller: Caller,
    @Param({ schema: runLogPath }) path: z.infer<typeof runLogPath>,
    @Query({ schema: runLogQuery }) query: z.infer<typeof runLogQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<z.infer<typeof runLogPage> | undefined> {
    const runId = path.run as RunId;
    const first = runPlaceOf(cursorOf({ limit: 1, cursor: query.cursor }, 2));
    if (query.format === 'text') {
      await sendText(request, response, query.limit, (cursor) =>
        this.runText(caller, runId, cursor === undefined ? first : runPlaceOf(cursor), query.limit),
      );
      return undefined;
    }
    const slice = await this.pages.ofRun(caller, runId, first, query.limit ?? defaultLogLines);
    const page = {
      data: slice.items.map(toRunLogItem),
      complete: slice.complete,
      ...(slice.incomplete.length > 0 ? { incomplete: true as const } : {}),
      nextCursor: slice.next === undefined ? null : encodeCursor(runCursor(slice.next)),
    };
    response.json(page);
    return page;
  }

  private async taskText(
    caller: Caller,
    place: AttemptPlace,
    after: number,
    limit: number | undefined,
  ): Promise<TextPart> {
    const slice = await this.pages.ofAttempt(caller, place, { after, limit: limit ?? defaultLogLines });
    const { attempt, more, incomplete } = slice;
    const lines = slice.items.map((item) => textOf(item));
    if (attempt !== undefined && !more && incomplete) lines.push(endNotice(attempt, false));
    const next: Cursor | undefined =
      attempt !== undefined && more ? [String(attempt.fence), String(slice.after)] : undefined;
    return { text: lines.join(''), next };
  }

  private async runText(caller: Caller, runId: RunId, from: RunLogPlace, limit: number | undefined): Promise<TextPart> {
    const slice = await this.pages.ofRun(caller, runId, from, limit ?? defaultLogLines);
    const short = new Set(slice.incomplete);
    const lines = slice.items.map(({ attempt, item }, index) => {
      // The notice follows the last line of its attempt.
      const ends = short.has(attempt) && slice.items[index + 1]?.attempt !== attempt && short.delete(attempt);
      return `${textOf(item, attempt)}${ends ? endNotice(attempt, true) : ''}`;
    });
    lines.push(...[...short].map((attempt) => endNotice(attempt, true)));
    return { text: lines.join(''), next: slice.next === undefined ? undefined : runCursor(slice.next) };
  }
}

function attemptPlace(
  path: z.infer<typeof taskLogPath>,
  mapIndex: number | undefined,
  fence: number | undefined,
): AttemptPlace {
  return { runId: path.run as RunId, taskId: path.task, mapIndex: mapIndex ?? -1, fence };
}

/** The cursor of a task's log: the attempt, so that a newer one does not get in between, and the sequence number. */
function numbersOf(cursor: string | undefined): readonly [number, number] | undefined {
  const [fence = '', after = ''] = cursorOf({ limit: 1, cursor }, 2) ?? [];
  if (cursor === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(fence)) throw badCursor();
  return [Number(fence), seqOf(after)];
}

function runPlaceOf(cursor: readonly string[] | undefined): RunLogPlace {
  if (cursor === undefined) return { attemptId: undefined, after: 0 };
  return { attemptId: cursor[0], after: seqOf(cursor[1] ?? '') };
}

function runCursor(place: RunLogPlace): Cursor {
  return [place.attemptId ?? '', String(place.after)];
}

function seqOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw badCursor();
  return Number(text);
}

function badCursor(): EdgeError {
  return new EdgeError(400, 'request.bad_cursor', 'the cursor is not one of this log');
}

/** Sends one part with a link to the next, or all of them where no limit was asked for. */
async function sendText(
  request: Request,
  response: Response,
  limit: number | undefined,
  read: (cursor: Cursor | undefined) => Promise<TextPart>,
): Promise<void> {
  // Before the first header: what is not there is still refused with a problem document.
  const first = await read(undefined);
  response.status(200).type('text/plain');
  if (limit === undefined) return sendBytes(response, allText(first, read));
  if (first.next !== undefined) {
    const url = new URL(request.originalUrl, 'http://localhost');
    url.searchParams.set('cursor', encodeCursor(first.next));
    response.set('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  response.send(first.text);
}

async function* allText(
  first: TextPart,
  read: (cursor: Cursor | undefined) => Promise<TextPart>,
): AsyncGenerator<string> {
  for (let part = first; ; part = await read(part.next)) {
    yield part.text;
    if (part.next === undefined) return;
  }
}
