import { type OfferRoundReport, type OfferedStretch } from '@millrace/contracts';
import { type LiveAt } from './hand-over.js';
import { type OpenStretch, type StretchBook } from './stretch-book.js';

/** A stretch that makes progress is watched this long before its runners are joined, in rounds. */
const mostRounds = 20;
/** Stretches of one head that are offered at once: what has no room would only make the rounds longer. */
const mostSingles = 64;
/** After a round without room so many stretches go straight into the queue, twice as many each time. */
const mostUnasked = 64;
/** A stretch goes into a queue in about so many parts, for as many runners, but for those that are very long. */
const parts = 8;
const mostHeads = 64;
/** How long a round waits for something to happen. */
export const offerWaitMs = 1_000;
/** What a round is taken for that does not say how long it took, and was over before its time. */
const quickMs = 25;
/** What arrived in the meantime is looked at after rounds of so many milliseconds in all. */
const pauseAfterMs = 500;

/** What is to be done after a round. */
export interface AfterRound {
  /** To be joined where they are. */
  readonly attach: readonly { readonly stretch: OpenStretch; readonly runners: readonly LiveAt[] }[];
  /** To be put into the queue of their pool. */
  readonly enqueue: readonly OpenStretch[];
}

/** Stretches that are offered to runners, round by round. Pure: what a round has said decides what comes next. */
export class Offers {
  private readonly offered = new Map<OpenStretch, { rounds: number; heard: number }>();
  private readonly full = new Map<string, { unasked: number; next: number }>();
  private sincePauseMs = 0;
  private seenOutside = 0;

  constructor(private readonly book: StretchBook) {}

  /** Takes up what has been ordered meanwhile; gives what goes into the queues, since their pools were full of late. */
  prepare(): readonly OpenStretch[] {
    const enqueue: OpenStretch[] = [];
    const singles = mostSingles - [...this.offered.keys()].filter(({ fused }) => !fused).length;
    for (const stretch of this.book.form(singles)) {
      const full = this.full.get(stretch.pool);
      if (full !== undefined && full.unasked > 0) {
        full.unasked -= 1;
        enqueue.push(...this.leave(stretch));
      } else this.offered.set(stretch, { rounds: 0, heard: 0 });
    }
    return enqueue;
  }

  /** True while there is something to ask for in a round. */
  get areOpen(): boolean {
    return this.offered.size > 0;
  }

  /** What the next round asks for. */
  get stretches(): readonly OfferedStretch[] {
    return [...this.offered.keys()].map(({ pool, heads, fused }) => ({ pool, heads, fused }));
  }

  /** How many ends that concern others have been told of what the next round asks for. */
  get outside(): number {
    return this.seenOutside;
  }

  /** True where rounds have taken so long that it is time to look at what has arrived meanwhile; once for each time. */
  takePause(): boolean {
    if (this.sincePauseMs < pauseAfterMs) return false;
    this.sincePauseMs = 0;
    return true;
  }

  /** Takes the report of a round over all that is offered. */
  hear(report: OfferRoundReport): AfterRound {
    this.book.hear(report.ends);
    const standings = [...this.offered].map(([stretch, watch], at) => ({
      stretch,
      watch,
      standing: report.standings[at] ?? { state: 'no_room' as const },
    }));
    const anyOver = standings.some(({ standing }) => standing.state === 'over');
    // What is over is not counted any more; the rest is told once more then.
    this.seenOutside = anyOver ? 0 : (report.outside ?? 0);
    this.sincePauseMs += report.waitedMs ?? (anyOver ? quickMs : offerWaitMs);
    const moving = new Set<string>();
    const full = new Set<string>();
    for (const { stretch, watch, standing } of standings) {
      if (stretch.heard > watch.heard) moving.add(stretch.pool);
      if (standing.state === 'no_room') full.add(stretch.pool);
      else this.full.delete(stretch.pool);
    }
    for (const pool of full) if (!moving.has(pool)) this.isFull(pool);

    const attach: { stretch: OpenStretch; runners: readonly LiveAt[] }[] = [];
    const enqueue: OpenStretch[] = [];
    for (const { stretch, watch, standing } of standings) {
      const idle = stretch.heard === watch.heard;
      watch.heard = stretch.heard;
      watch.rounds += 1;
      switch (standing.state) {
        case 'over':
          this.offered.delete(stretch);
          this.book.over(stretch);
          break;
        case 'live':
          // A round in which something was over may have taken no time at all.
          if ((!idle || anyOver || this.book.stopping) && watch.rounds < mostRounds) break;
          this.offered.delete(stretch);
          attach.push({ stretch, runners: standing.runners });
          break;
        case 'no_room':
          if (this.book.stopping) this.giveUp(stretch);
          else if (!moving.has(stretch.pool)) enqueue.push(...this.leave(stretch));
      }
    }
    return { attach, enqueue };
  }

  /** Everything offered goes into the queues, since rounds are of no use. */
  leaveAll(): readonly OpenStretch[] {
    return [...this.offered.keys()].flatMap((stretch) => this.leave(stretch));
  }

  private isFull(pool: string): void {
    const next = this.full.get(pool)?.next ?? 1;
    this.full.set(pool, { unasked: next, next: Math.min(mostUnasked, 2 * next) });
  }

  private giveUp(stretch: OpenStretch): void {
    this.offered.delete(stretch);
    this.book.over(stretch);
  }

  private leave(stretch: OpenStretch): readonly OpenStretch[] {
    this.offered.delete(stretch);
    return this.book.split(stretch, Math.min(mostHeads, Math.max(1, Math.ceil(stretch.heads.length / parts))));
  }
}
