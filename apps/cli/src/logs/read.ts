import { answer, type MillraceClient } from '@millrace/clients';
import type { LogPlace, LogPrinter } from './printer.js';

const pageLines = 1000;

/** Prints what has been written so far by all attempts of a run. */
export async function readRunLog(client: MillraceClient, run: string, printer: LogPrinter): Promise<void> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await answer(
      client.api.GET('/v1/runs/{run}/logs', {
        params: { path: { run }, query: { limit: pageLines, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    );
    for (const item of page.data) {
      if ('gap' in item) printer.gap(item.gap, item);
      else printer.line(item, item);
    }
    cursor = page.nextCursor;
  }
}

/** Prints what has been written so far by one attempt. */
export async function readTaskLog(
  client: MillraceClient,
  run: string,
  { task, mapIndex, attempt }: LogPlace,
  printer: LogPrinter,
): Promise<void> {
  const query = {
    limit: pageLines,
    ...(mapIndex === undefined ? {} : { mapIndex }),
    ...(attempt === undefined ? {} : { attempt }),
  };
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await answer(
      client.api.GET('/v1/runs/{run}/tasks/{task}/logs', {
        params: { path: { run, task }, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    );
    const source = { taskId: task, mapIndex: mapIndex ?? -1, attempt: page.attempt ?? 1 };
    for (const item of page.data) {
      if ('gap' in item) printer.gap(item.gap, source);
      else printer.line(item, source);
    }
    if (page.nextCursor === null && page.incomplete === true) printer.incomplete(source);
    cursor = page.nextCursor;
  }
}
