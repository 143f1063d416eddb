import { type Instance, type TaskProgress } from './task-progress.js';

/** The instances that could be dispatched, in the order in which they became ready, and the limits that hold them back. */
export class DispatchLine {
  private readonly ready = new Set<TaskProgress>();
  /** Instances under way. */
  inFlight = 0;
  /** True: nothing is handed out any more. */
  held = false;

  constructor(private readonly maxParallel: number) {}

  add(task: TaskProgress): void {
    this.ready.add(task);
  }

  remove(task: TaskProgress): void {
    this.ready.delete(task);
  }

  enterFlight(task: TaskProgress): void {
    task.inFlight += 1;
    this.inFlight += 1;
  }

  leaveFlight(task: TaskProgress): void {
    task.inFlight -= 1;
    this.inFlight -= 1;
  }

  /** Hands out instances while the limits of run and task allow; each is under way from then on. */
  *take(): Generator<readonly [TaskProgress, Instance]> {
    if (this.held) return;
    for (const task of this.ready) {
      const limit = task.plan.map?.maxConcurrency ?? 1;
      while (this.inFlight < this.maxParallel && task.inFlight < limit) {
        const instance = task.takeReady();
        if (instance === undefined) break;
        this.enterFlight(task);
        yield [task, instance];
      }
      if (!task.hasReady) this.ready.delete(task);
      if (this.inFlight >= this.maxParallel) return;
    }
  }
}
