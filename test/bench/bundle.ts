import type { Json } from '@millrace/kernel';
import type { Mode } from './options.js';

/** CPU time that each task of `long10` uses. */
export const longTaskCpuMs = 500;
export const fanWidth = 200;
export const burstRuns = 50;
const burstTasks = 3;

/** The shapes that are run on both sides. `trigger` is a run of one task. */
export const shapes = {
  chain40: { tasks: 40, runs: 1 },
  long10: { tasks: 10, runs: 1 },
  fan200: { tasks: fanWidth, runs: 1 },
  burst50: { tasks: burstTasks, runs: burstRuns },
  trigger: { tasks: 1, runs: 1 },
} as const;
export type Shape = keyof typeof shapes;

/** Monotonic milliseconds that all processes of a Linux machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

// The first statement of each is the first line of the user's code: it notes the time.
const code = `
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

export const step = (input, ctx) => {
  const at = monotonicMs();
  ctx.log.info('line of ' + ctx.task.id + ' ' + (ctx.mapIndex ?? -1));
  return { n: input.n + 1, at };
};

export const burn = (input, ctx) => {
  const at = monotonicMs();
  const before = process.cpuUsage();
  let spent = 0;
  while (spent < input.cpuMs * 1000) {
    const now = process.cpuUsage(before);
    spent = now.user + now.system;
  }
  ctx.log.info('line of ' + ctx.task.id + ' ' + (ctx.mapIndex ?? -1));
  return { n: input.n + 1, at, cpuMs: spent / 1000 };
};
`;

/** Name of a task by its place in a chain, from 1. */
export const taskName = (place: number): string => `t${place}`;
/** Pipelines without stretches have a name of their own. */
export const pipelineName = (shape: Shape | 'cold', mode: Mode, fused = true): string =>
  `${shape}-${mode}${fused ? '' : '-single'}`;
export const poolName = (mode: Mode): string => `bench-${mode}`;
export const coldPool = 'bench-cold';

/** The bundle that is pushed: every shape for every mode, which is the mode of its pool, with and without stretches. */
export function benchBundle(modes: readonly Mode[]): Json {
  const variants = modes.flatMap((mode) => [true, false].map((fused): Variant => ({ mode, fused })));
  return {
    files: { 'bench.mjs': code },
    pipelines: [
      ...variants.flatMap((variant) => [
        chain('chain40', variant, 40, { export: 'step' }),
        chain('long10', variant, 10, { export: 'burn', cpuMs: longTaskCpuMs }),
        fan(variant),
        chain('burst50', variant, burstTasks, { export: 'step' }),
        chain('trigger', variant, 1, { export: 'step' }),
      ]),
      ...modes.map((mode) => ({
        ...chain('cold', { mode, fused: true }, 1, { export: 'step' }),
        defaults: { pool: coldPool },
      })),
    ],
  };
}

interface Variant {
  readonly mode: Mode;
  readonly fused: boolean;
}

function defaultsOf({ mode, fused }: Variant): Json {
  return { pool: poolName(mode), ...(fused ? {} : { fuse: false }) };
}

interface Call {
  readonly export: string;
  readonly cpuMs?: number;
}

function chain(shape: Shape | 'cold', variant: Variant, length: number, call: Call): { readonly [key: string]: Json } {
  const tasks: Record<string, Json> = {};
  for (let place = 1; place <= length; place += 1) {
    const before = taskName(place - 1);
    tasks[taskName(place)] = {
      type: 'node',
      entry: 'bench.mjs',
      export: call.export,
      input: {
        n: place === 1 ? 0 : `\${{ tasks.${before}.output.n }}`,
        ...(call.cpuMs === undefined ? {} : { cpuMs: call.cpuMs }),
      },
      ...(place === 1 ? {} : { needs: [before] }),
    };
  }
  return { pipeline: pipelineName(shape, variant.mode, variant.fused), defaults: defaultsOf(variant), tasks };
}

function fan(variant: Variant): Json {
  return {
    pipeline: pipelineName('fan200', variant.mode, variant.fused),
    defaults: defaultsOf(variant),
    params: { type: 'object', properties: { items: { type: 'array', items: { type: 'integer' } } } },
    tasks: {
      [taskName(1)]: {
        type: 'node',
        entry: 'bench.mjs',
        export: 'step',
        input: { n: '${{ item }}' },
        map: { over: '${{ params.items }}' },
      },
    },
  };
}

/** Params of a run of the shape. */
export function paramsOf(shape: Shape): Json {
  return shape === 'fan200' ? { items: Array.from({ length: fanWidth }, (_, index) => index) } : {};
}
