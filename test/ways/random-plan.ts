import { type TriggerRule, triggerRules } from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import { Random } from '../faults/random.js';
import { taskFile } from './task-code.js';

type JsonObject = { readonly [key: string]: Json };

/** A random pipeline with the params of its one run. */
export interface RandomPlan {
  /** Which of the seed's plans it is. */
  readonly index: number;
  readonly tasks: Readonly<Record<string, JsonObject>>;
  readonly params: JsonObject;
}

/** A task with one of these may begin while its needs are under way: what it would see of them depends on the moment. */
const early: readonly TriggerRule[] = ['one_success', 'one_failed', 'one_done', 'always'];

interface Drafted {
  readonly id: string;
  readonly isWait: boolean;
  readonly mapped: boolean;
}

/** A plan's own stream of random numbers: it can be made again without those before it. */
export function randomOf(seed: number, index: number): Random {
  return new Random((Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0);
}

const expression = (code: string): string => `\${{ ${code} }}`;

/** Branches, joins, lists, conditions, failures, retries and waits; the same for the same seed and index. */
export function randomPlan(seed: number, index: number): RandomPlan {
  const random = randomOf(seed, index);
  const chance = (share: number): boolean => random.next() < share;
  const whole = (from: number, to: number): number => Math.floor(random.between(from, to + 1));
  const params: JsonObject = {
    a: whole(-5, 50),
    text: random.pick(['', 'plain', 'with "quotes"', 'ünï\n→', '\u2028']),
    flag: chance(0.5),
    list: Array.from({ length: whole(0, 6) }, (_, at) => ({ at, value: whole(0, 99) })),
  };
  const drafted: Drafted[] = [];
  const tasks: Record<string, JsonObject> = {};
  const count = whole(2, chance(0.2) ? 14 : 8);
  const chainShare = random.pick([0.2, 0.5, 0.9]);
  for (let place = 1; place <= count; place += 1) {
    const id = `t${place}`;
    const needs = needsOf(random, drafted, chainShare);
    const trigger: TriggerRule = needs.length > 0 && chance(0.35) ? random.pick(triggerRules) : 'all_success';
    const isWait = place > 1 && chance(0.07);
    const mapped = !isWait && chance(0.2);
    const seen = early.includes(trigger) ? [] : needs;
    const outputs = drafted.filter((one) => seen.includes(one.id) && !one.isWait);
    const flow: JsonObject = {
      ...(needs.length === 0 ? {} : { needs }),
      ...(trigger === 'all_success' ? {} : { trigger }),
      ...(chance(0.15) ? { when: conditionOf(random, outputs, seen) } : {}),
    };
    tasks[id] = isWait
      ? { type: 'wait', for: `${whole(1, 40)}ms`, ...flow }
      : { ...attempted(random, outputs, mapped), ...flow };
    drafted.push({ id, isWait, mapped });
  }
  return { index, tasks, params };
}

function needsOf(random: Random, drafted: readonly Drafted[], chainShare: number): string[] {
  const last = drafted.at(-1);
  if (last === undefined) return [];
  const throwOf = random.next();
  if (throwOf < chainShare) return [last.id];
  if (throwOf < chainShare + (1 - chainShare) * 0.25) return [];
  const ids = random.shuffled(drafted.map(({ id }) => id));
  return ids.slice(0, 1 + Math.floor(random.next() * 3));
}

function conditionOf(random: Random, outputs: readonly Drafted[], needs: readonly string[]): string {
  const plain = outputs.filter(({ mapped }) => !mapped);
  const choices = [expression('params.flag'), expression('params.a > 20'), expression('size(params.list) > 2')];
  for (const { id } of plain) choices.push(expression(`tasks.${id}.output.number % 2 == 0`));
  for (const id of needs) choices.push(expression(`tasks.${id}.state == "succeeded"`));
  return random.pick(choices);
}

function attempted(random: Random, outputs: readonly Drafted[], mapped: boolean): JsonObject {
  const chance = (share: number): boolean => random.next() < share;
  const whole = (from: number, to: number): number => Math.floor(random.between(from, to + 1));
  const single = outputs.filter((one) => !one.mapped);
  const lists = [expression('params.list'), ...single.map(({ id }) => expression(`tasks.${id}.output.items`))];
  const passed = outputs
    .filter(() => chance(0.8))
    .map(({ id, mapped: isList }): [string, string] => {
      return [id, expression(`tasks.${id}.output${isList || chance(0.5) ? '' : '.digest'}`)];
    });
  const fails = chance(0.28);
  const tries = whole(1, 3);
  const input: JsonObject = {
    a: expression('params.a'),
    said: `a is ${expression('params.a')}, ${expression('params.text')}`,
    ms: chance(0.3) ? whole(1, 12) : 0,
    ...Object.fromEntries(passed),
    ...(mapped ? { item: expression('item'), index: expression('index') } : {}),
    ...(chance(0.2) ? { chatty: whole(1, 5) } : {}),
    ...(chance(0.04) ? { large: random.pick([300, 300, 5_000]) } : {}),
    ...(fails ? { failTries: whole(1, 3), ...(mapped ? { failIndex: whole(0, 2) } : {}) } : {}),
    ...(fails && chance(0.2) ? { final: true } : {}),
  };
  const jitter = random.pick(['none', 'full']);
  const retry = { maxAttempts: tries, delay: `${whole(1, 60)}ms`, factor: whole(1, 2), maxDelay: '100ms', jitter };
  return {
    type: 'node',
    entry: taskFile,
    export: 'work',
    input,
    ...(fails || chance(0.2) ? { retry } : {}),
    ...(mapped ? { map: { over: random.pick(lists), ...(chance(0.4) ? { maxConcurrency: whole(1, 3) } : {}) } } : {}),
    ...(chance(0.12) ? { fuse: false } : {}),
    ...(chance(0.02) ? { sandbox: 'fresh' } : {}),
  };
}

const paramsSchema: Json = {
  type: 'object',
  properties: {
    a: { type: 'integer', default: 0 },
    text: { type: 'string', default: '' },
    flag: { type: 'boolean', default: false },
    slow: { type: 'number', default: 1 },
    list: { type: 'array', items: { type: 'object' }, default: [] },
  },
};

/** Name of a plan's pipeline, with stretches or without. */
export function pipelineOf(index: number, fused: boolean): string {
  return `plan-${index}-${fused ? 'fused' : 'single'}`;
}

/** The plan as the definition of a pipeline. */
export function definitionOf(plan: RandomPlan, fused: boolean): Json {
  return {
    pipeline: pipelineOf(plan.index, fused),
    notify: [],
    params: paramsSchema,
    ...(fused ? {} : { defaults: { fuse: false } }),
    tasks: plan.tasks,
  };
}
