import type { PlanTask, RunPlan } from './plan.js';

/**
 * Tasks that may follow the given ones within a stretch, directly or later, in the order of the plan: those of which
 * every need is a head or follows one.
 */
export function followersOf(plan: RunPlan, headIds: Iterable<string>): readonly PlanTask[] {
  const within = new Set(headIds);
  const found: PlanTask[] = [];
  for (const task of plan.tasks) {
    if (task.fuse !== 'follows' || within.has(task.id)) continue;
    if (!task.needs.every((need) => within.has(need))) continue;
    within.add(task.id);
    found.push(task);
  }
  return found;
}
