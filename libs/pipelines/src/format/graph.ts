import { suggest } from '@millrace/expressions';
import type { PipelineDraft, TaskDraft } from './draft.js';

/** The tasks in an order in which every need comes before what needs it, and who is above whom. */
export interface TaskGraph {
  readonly order: readonly TaskDraft[];
  /** Ids of all tasks that are done before the task may start. */
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Checks needs and cycles; undefined where there is a cycle. */
export function buildGraph(draft: PipelineDraft): TaskGraph | undefined {
  checkNeeds(draft);
  const byId = new Map(draft.tasks.map((task) => [task.id, task]));
  const order: TaskDraft[] = [];
  const ancestors = new Map<string, Set<string>>();
  let isAcyclic = true;
  const done = new Set<string>();
  for (const task of draft.tasks) {
    if (done.has(task.id)) continue;
    // An explicit stack: a chain of a thousand tasks must not become a thousand calls.
    const stack: { readonly task: TaskDraft; next: number }[] = [{ task, next: 0 }];
    const path = [task.id];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.task.fields.needs[top.next];
      if (need === undefined) {
        finish(top.task, ancestors, order, done);
        stack.pop();
        path.pop();
        continue;
      }
      top.next += 1;
      const needed = byId.get(need);
      if (needed === undefined || done.has(need) || need === top.task.id) continue;
      if (path.includes(need)) {
        reportCycle(draft, [...path.slice(path.indexOf(need)), need], top.task, top.next - 1);
        isAcyclic = false;
        continue;
      }
      stack.push({ task: needed, next: 0 });
      path.push(need);
    }
  }
  return isAcyclic ? { order, ancestors } : undefined;
}

function finish(task: TaskDraft, ancestors: Map<string, Set<string>>, order: TaskDraft[], done: Set<string>): void {
  const above = new Set<string>();
  for (const need of task.fields.needs) {
    above.add(need);
    for (const id of ancestors.get(need) ?? []) above.add(id);
  }
  ancestors.set(task.id, above);
  order.push(task);
  done.add(task.id);
}

function reportCycle(draft: PipelineDraft, cycle: readonly string[], task: TaskDraft, index: number): void {
  // Drawn in the direction of the work: the arrow leads from a task to the one that waits for it.
  const drawn = [...cycle].reverse().join(' → ');
  draft.problems.add('pipeline.cycle', `the needs go round in a circle: ${drawn}`, [...task.path, 'needs', index], {
    hint: 'remove one of these needs',
  });
}

function checkNeeds({ tasks, taskIds, problems }: PipelineDraft): void {
  for (const task of tasks) {
    task.fields.needs.forEach((need, index) => {
      const at = [...task.path, 'needs', index];
      if (need === task.id) problems.add('pipeline.cycle', `the task "${need}" needs itself`, at);
      else if (!taskIds.includes(need)) {
        const close = suggest(need, taskIds);
        problems.add('pipeline.unknown_need', `there is no task "${need}"`, at, {
          hint:
            close === undefined
              ? `the tasks are ${taskIds.slice(0, 10).join(', ')}${taskIds.length > 10 ? ' …' : ''}`
              : `did you mean "${close}"?`,
        });
      } else if (task.fields.needs.indexOf(need) < index) {
        problems.add('pipeline.duplicate_need', `"${need}" is needed twice`, at);
      }
    });
  }
}
