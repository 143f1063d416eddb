import { answer, type Schemas } from '@millrace/clients';
import type { Cli } from '../cli.js';
import { duration, moment } from '../terminal/format.js';
import { sign, stateWord } from '../watch/states.js';
import { collect } from './listing.js';

type Entry = Schemas['TimelineEntry'];

/** `runs timeline`: the moments of every attempt, each as the time since the one before. */
export async function showTimeline(cli: Cli, id: string, { limit }: { readonly limit: number }): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  const path = { run: id };
  const run = await answer(client.api.GET('/v1/runs/{run}', { params: { path } }));
  const list = client.list('/v1/runs/{run}/timeline', { path, query: { limit: Math.min(limit, 200) } });
  const entries = await collect(list, limit);
  output.result(
    { run: run.id, createdAt: run.createdAt, data: entries },
    () => {
      const { style } = output;
      output.line(`${style.bold(run.id)}  created ${moment(run.createdAt)}; each time is since the one before it.`);
      output.line();
      output.table(entries, [
        { title: 'TASK', value: ({ taskId, mapIndex }) => (mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`) },
        { title: 'STATE', value: ({ state }) => `${sign(state, style)} ${stateWord(state, style)}` },
        { title: 'WAY', value: wayOf },
        { title: 'ACCEPTED', value: ({ acceptedAt }) => since(run.createdAt, acceptedAt), align: 'right' },
        { title: 'LEASED', value: (entry) => since(entry.acceptedAt, entry.leasedAt), align: 'right' },
        { title: 'OFFERED', value: (entry) => since(entry.leasedAt, entry.offeredAt), align: 'right' },
        {
          title: 'STARTED',
          value: (entry) => since(entry.offeredAt ?? entry.leasedAt, entry.startedAt),
          align: 'right',
        },
        { title: 'ENDED', value: (entry) => since(entry.startedAt, entry.endedAt), align: 'right' },
        { title: 'COMMITTED', value: (entry) => since(entry.endedAt, entry.committedAt), align: 'right' },
      ]);
    },
    entries.map((entry) => entry.id),
  );
}

function wayOf({ way, stretchId }: Entry): string {
  return stretchId === null ? way : 'in a stretch';
}

function since(from: string | null, to: string | null): string {
  return from === null || to === null ? '' : `+${duration(Date.parse(to) - Date.parse(from))}`;
}
