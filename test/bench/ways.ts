import { type Shape, shapes } from './bundle.js';
import type { Mode, Way } from './options.js';
import { ReadBackError } from './read-back.js';

/**
 * The ways of a shape: one task has nothing to be fused to, and only the first tasks of a run start directly. Where the
 * work itself takes nearly all of the time, the way makes no difference.
 */
export function waysOf(shape: Shape, wanted: readonly Way[]): readonly Way[] {
  const others: readonly Way[] = shape === 'long10' ? [] : ['offered', 'queued'];
  const possible: readonly Way[] = [shape === 'trigger' ? 'direct' : 'fused', ...others];
  return possible.filter((way) => wanted.includes(way));
}

/** A platform that is measured: what it is told of the ways, and the rows that it is good for. */
export interface Stage {
  /** `MILLRACE_WAYS` */
  readonly setting: string;
  readonly ways: readonly Way[];
}

/** One platform after the other: two at once would take the cores from each other. */
export function stagesOf(wanted: readonly Way[]): readonly Stage[] {
  const stages: readonly Stage[] = [
    { setting: 'direct,offered,queued', ways: ['direct', 'fused'] },
    { setting: 'offered,queued', ways: ['offered'] },
    { setting: 'queued', ways: ['queued'] },
  ];
  return stages
    .map((stage) => ({ ...stage, ways: stage.ways.filter((way) => wanted.includes(way)) }))
    .filter((stage) => stage.ways.length > 0);
}

export interface AttemptView {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: string;
  readonly reason: string | null;
  readonly way: 'direct' | 'offered' | 'queued';
  readonly stretchId: string | null;
  readonly acceptedAt: string | null;
  readonly leasedAt: string;
  readonly offeredAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly committedAt: string | null;
}

/** How many attempts took which way; those in a stretch behind its first are counted there alone. */
export interface Taken {
  readonly direct: number;
  readonly offered: number;
  readonly queued: number;
  readonly in_stretch: number;
  /** Offers of which nothing began, and which were made anew: the runner had no slot for them when they came. */
  readonly not_taken: number;
}

export function countTaken(all: readonly AttemptView[]): Taken {
  const attempts = all.filter(wasTaken);
  const alone = attempts.filter(({ stretchId }) => stretchId === null);
  const of = (way: AttemptView['way']): number => alone.filter((attempt) => attempt.way === way).length;
  return {
    direct: of('direct'),
    offered: of('offered'),
    queued: of('queued'),
    in_stretch: attempts.length - alone.length,
    not_taken: all.length - attempts.length,
  };
}

/** What was lost in any other way is an attempt that the workload should not have needed. */
function wasTaken({ state, reason }: AttemptView): boolean {
  return state !== 'lost' || (reason !== 'declined' && reason !== 'never_begun');
}

export function addTaken(a: Taken, b: Taken): Taken {
  return {
    direct: a.direct + b.direct,
    offered: a.offered + b.offered,
    queued: a.queued + b.queued,
    in_stretch: a.in_stretch + b.in_stretch,
    not_taken: a.not_taken + b.not_taken,
  };
}

/** Shapes that want more slots at once than there are: what finds no room waits in the queue, whatever the way. */
const wide: readonly Shape[] = ['fan200', 'burst50'];
/** Of a wide fan, the part that may begin a stretch of its own or go alone. */
const looseShare = 0.1;

/** Throws where the attempts of a round did not take the way that its row will name. */
export function checkWay(shape: Shape, way: Way, all: readonly AttemptView[], mode?: Mode): void {
  const attempts = all.filter(wasTaken);
  const { tasks, runs } = shapes[shape];
  const taken = countTaken(all);
  const fail = (why: string): never => {
    throw new ReadBackError(`${shape} ${way}: ${why}; the attempts took ${JSON.stringify(taken)}`);
  };
  const total = tasks * runs;
  if (attempts.length !== total) fail(`${attempts.length} attempts in place of ${total}`);
  if (way === 'fused') {
    const alone = attempts.length - taken.in_stretch;
    // A chain has one first task a run; a fan begins as many stretches as its length and its patience make.
    const most = shape === 'fan200' ? Math.ceil(total * looseShare) : runs;
    // Where each task pays for a process a stretch takes long, and leaves the rest of a fan to the run.
    if (alone > most && !(mode === 'fresh' && shape === 'fan200'))
      fail(`${alone} attempts were part of no stretch, of which ${most} may be`);
    return;
  }
  if (taken.in_stretch > 0) fail(`${taken.in_stretch} attempts were part of a stretch`);
  const own = taken[way];
  if (wide.includes(shape) && way !== 'queued') {
    const other = total - own - taken.queued;
    if (other > 0) fail(`${other} attempts took another way`);
    if (own === 0) fail('none took it');
  } else if (own !== total) fail(`${total - own} attempts took another way`);
}
