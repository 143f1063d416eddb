import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Machine } from './machine.js';
import { type Row, type Summary, toHopTable, toTable } from './rows.js';

/** Figures of others, measured elsewhere; never beside a ratio. */
const elsewhere = `
| | chain40 | fan200 | burst50 | trigger | list p50 | idle |
| --- | --- | --- | --- | --- | --- | --- |
| Apache Airflow 3.3.2 (LocalExecutor, Postgres, tuned) | 11.2 s (42 s as installed) | 13.8 s | 9.8 s | 0.31 s | 121 ms | 2.5 GiB |
| plain Temporal, in memory | 0.64 s | 0.36 s | 0.87 s | 25 ms | – | – |
`;

function delayLine(machine: Machine | undefined): string {
  const { fsync_delay_ms: delay, commit_ms: commit } = machine ?? {};
  if (delay === undefined) return '';
  return `, and each of Postgres was made to take ${delay} ms more (a commit of one row: ${commit ?? 0} ms)`;
}

/** Writes docs/benchmarks.md from what was measured just now. */
export async function writeBenchmarks(root: string, rows: readonly Row[], summary: Summary): Promise<void> {
  const { machine, parameters, idle_pss_mib: idle } = summary;
  const busy = machine !== undefined && machine.load > machine.cores;
  const busyLine = busy
    ? '\n**The machine was busy with other work.** Times and ratios are those of a busy machine, and vary much; repeat it on a quiet one.\n'
    : '';
  const idleLine =
    idle === undefined
      ? ''
      : `\nIdle, with Postgres and Temporal, the platform takes ${idle} MiB (proportional set size).\n`;
  const page = `# Benchmarks

Written by \`npm run bench -- --write-docs\`; every figure of the first table is the command's own output.

${toTable(rows)}

\`target\` is what the figure is to be on a machine that has nothing else to do: of the ratio, where it says no more.
${idleLine}
Machine: ${machine?.cores ?? 0} cores (${machine?.processor ?? ''}), ${machine?.memory_gib ?? 0} GiB, Linux ${machine?.kernel ?? ''}
(${machine?.architecture ?? ''}), Node.js ${machine?.node ?? ''}; an fdatasync of 4 KiB takes ${machine?.fsync_ms ?? 0} ms${delayLine(machine)}; load before the first
measurement ${machine?.load ?? 0}. Parameters: \`${JSON.stringify(parameters)}\`. It took ${summary.seconds} s.
${busyLine}

## What is measured

Every task is a \`node\` function of a bundle that is pushed and triggered through the public API. It returns a value and writes a line to its log; after each round
all values and all lines are read back through the API, and one that is missing or doubled fails the command. Beside it runs the same work as **plain Temporal**: a hand-written
workflow on the same server, with its activities in a process of its own, as many at once as the pool has slots, with the same worker options. Rounds alternate in an order that the seed decides.

The column *way* says how the attempts came to their runner, and the bench reads the way of every attempt back (\`way\`, \`stretchId\` of \`GET /v1/runs/{run}/attempts\`); a round in which
another one was taken fails the command. \`direct\`: leased by the admission of the run. \`offered\`: leased by the orchestrator (\`MILLRACE_WAYS=offered,queued\`). \`queued\`: through the pool's queue
alone (\`MILLRACE_WAYS=queued\`). These three are pipelines with \`fuse: false\`. \`fused\`: everything allowed, so that all tasks of a run but the first are executed as one stretch. Each setting has a
platform of its own, with its own measurements of plain Temporal. \`fan200\` and \`burst50\` want more than the pool's slots at once: what finds no room waits in the queue whatever the way, and \`taken\` in the JSON counts it.

The organization is on the plan with the most requests a minute, and one credential may make more (\`MILLRACE_API_RATE\`), since the load of \`api\` comes from a single one: both limits are still
taken from with every request.

| workload | what it is | time |
| --- | --- | --- |
| \`chain40\` | a run of 40 tasks, each with the value of the one before | from the call of the API to its answer that the run has ended |
| \`long10\` | 10 tasks in a chain, each of 500 ms of CPU time | the same |
| \`fan200\` | one task mapped over 200 items | the same |
| \`burst50\` | 50 runs at once, 3 tasks in a chain each | until the last workflow is closed; \`burst50 work\`: until the code of the last task has begun |
| \`trigger\` | a run of one task, the runner is up | from the call to the first line of the user's code |
| \`cold\` | the same, while the pool has no runner | the same |
| \`api list\` | 50 of ${String(parameters['listedRuns'])} runs, 16 requests at once | p50 of a request, with an API key and row-level security, against a bare Express handler with the same statements and rows |
| \`api start\` | starting a run by the API, 16 at once | p50 of a request, against a bare Express handler that does the same without the platform's edge |

## Where the time goes

Means over all attempts, in milliseconds, of the times that the platform keeps of each. *call to ready*: from the call of the API until the first task of the run was ready. *ready to lease*:
until a runner was found and the lease was committed. *lease to offer*: until it was pushed. *to code*: from there (in the queue: from the lease) to the first instruction. *code*: the task
itself. *end to commit*: until its end was durable. *commit to next*: until the next task of the chain was ready. In a
stretch the end of one and the lease of the next are one transaction: the wait for its commit is part of *to code*.

${toHopTable(rows)}

## What costs what

- \`fresh\`: each task pays for a process of its own. One is warm beside the work, so a single task hardly notices; a chain or a fan does, since making the next one needs the same cores.
- \`run\`: the first tasks of a run pay for their processes, as many as run at once, the next ones do not.
- \`reuse\`: nobody pays, after the pool's first tasks. It is the like of plain Temporal, whose worker is one process for everything.
- A task of ours is two commits in Postgres more than plain Temporal's: the lease, and the end with its last lines, its output and its price; and the run's record follows the workflow in batches. That is
  what people read and what is billed; plain Temporal has none of it.
- The latency of the disk counts in each commit: add yours to every step.

## Measured elsewhere

On another machine, with 4 cores, so not to be set against the table above:
${elsewhere}`;
  const file = join(root, 'docs', 'benchmarks.md');
  await writeFile(file, await format(page, { ...(await resolveConfig(file)), parser: 'markdown' }));
}
