import type { RunStreamEvent } from '@millrace/clients';
import { count, duration } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { width } from '../terminal/style.js';
import { LivePanel } from './live-panel.js';
import { isTaskEnd, type RunModel, type TaskProgress } from './run-model.js';
import { sign, stateWord } from './states.js';

/** Shows how a run goes on. */
export interface Progress {
  readonly update: (event: RunStreamEvent) => void;
  /** A sentence for the reader, such as what Ctrl-C does. */
  readonly say: (text: string) => void;
  readonly end: () => void;
}

export function makeProgress(output: Output, model: RunModel): Progress {
  if (output.json) return new JsonProgress(output);
  return output.live ? new LiveProgress(output, model) : new PlainProgress(output, model);
}

class JsonProgress implements Progress {
  constructor(private readonly output: Output) {}

  update(event: RunStreamEvent): void {
    this.output.event(event.kind === 'attempt' ? event.attempt : event.event);
  }

  say(): void {
    // The stream is for programs.
  }

  end(): void {
    // The result is a line of its own.
  }
}

/** One line for what matters: a log of a build machine has no use for every instance of a mapped task. */
class PlainProgress implements Progress {
  private readonly begun = new Set<string>();

  constructor(
    private readonly output: Output,
    private readonly model: RunModel,
  ) {}

  update(event: RunStreamEvent): void {
    const { style } = this.output;
    if (event.kind === 'attempt') {
      const { taskId, mapIndex } = event.attempt;
      // Of a mapped task the number of its instances is said, once that is known.
      if (mapIndex >= 0 || this.begun.has(taskId)) return;
      this.begun.add(taskId);
      this.line(`${taskId} ${stateWord('running', style)}`);
      return;
    }
    const { taskId, mapIndex, state, mapLength } = event.event;
    if (event.kind !== 'task' || taskId === null) return;
    const task = this.model.tasks.get(taskId);
    if (task === undefined) return;
    const isInstance = mapIndex !== null && mapIndex >= 0;
    const name = isInstance ? `${taskId}[${mapIndex}]` : taskId;
    const taskState = state;
    if (state === 'running' && mapLength !== null && !this.begun.has(taskId)) {
      this.begun.add(taskId);
      this.line(`${taskId} ${stateWord('running', style)}: ${count(mapLength, 'instance')}`);
    } else if (
      isInstance ? ['failed', 'up_for_retry'].includes(state) : isTaskEnd(taskState) || state === 'up_for_retry'
    ) {
      this.line(`${name} ${stateWord(taskState, style)}${isInstance ? '' : timeOf(task)}`);
    } else if (state === 'sleeping') {
      this.line(`${name} ${stateWord('sleeping', style)}`);
    }
  }

  say(text: string): void {
    this.output.note(text);
  }

  end(): void {
    // Everything has been said.
  }

  private line(text: string): void {
    const at = new Date().toTimeString().slice(0, 8);
    this.output.line(`${this.output.style.dim(at)}  ${text}`);
  }
}

class LiveProgress implements Progress {
  private readonly panel: LivePanel;

  constructor(
    private readonly output: Output,
    private readonly model: RunModel,
  ) {
    this.panel = new LivePanel(output.stdout, (rows) => panelLines(this.output, this.model, rows));
  }

  update(): void {
    // The panel redraws by itself.
  }

  say(text: string): void {
    this.panel.above(text);
  }

  end(): void {
    this.panel.stop(true);
  }
}

function timeOf(task: TaskProgress): string {
  if (task.startedAt === undefined) return '';
  return ` in ${duration((task.endedAt ?? Date.now()) - task.startedAt)}`;
}

const urgency: Readonly<Record<TaskProgress['state'], number>> = {
  running: 0,
  up_for_retry: 0,
  failed: 1,
  cancelled: 1,
  queued: 2,
  sleeping: 2,
  upstream_failed: 3,
  waiting: 4,
  succeeded: 5,
  skipped: 6,
};

/** The head line and one line for each task; where there are too many, the ones that matter most. */
export function panelLines(output: Output, model: RunModel, rows: number): readonly string[] {
  const { style } = output;
  const { run } = model;
  const elapsed = duration((model.endedAt ?? Date.now()) - model.createdAt);
  const head = `${sign(model.state, style)} ${style.bold(run.pipeline)} v${run.version}  ${stateWord(model.state, style)}  ${elapsed}  ${style.dim(run.id)}`;
  const all = [...model.tasks.values()];
  const room = rows - 1;
  const fits = all.length <= room;
  const chosen = fits
    ? all
    : new Set([...all].sort((a, b) => urgency[a.state] - urgency[b.state]).slice(0, Math.max(1, room - 1)));
  const shown = fits ? all : all.filter((task) => (chosen as Set<TaskProgress>).has(task));
  const longest = Math.min(40, Math.max(4, ...shown.map(({ taskId }) => width(taskId))));
  const lines = shown.map((task) => {
    const parts = [
      stateWord(task.state, style),
      instancesOf(output, model, task),
      task.startedAt === undefined ? '' : style.dim(timeOf(task).replace(' in ', '')),
    ];
    return `  ${sign(task.state, style)} ${task.taskId.padEnd(longest)}  ${parts.filter((part) => part !== '').join('  ')}`;
  });
  const rest = all.length - shown.length;
  return [head, ...lines, ...(rest > 0 ? [style.dim(`  … and ${count(rest, 'more task')}`)] : [])];
}

function instancesOf(output: Output, model: RunModel, task: TaskProgress): string {
  if (task.mapLength === undefined) return '';
  const counts = model.counts(task);
  const done = [...counts].reduce((sum, [state, number]) => (isTaskEnd(state) ? sum + number : sum), 0);
  const failed = counts.get('failed') ?? 0;
  const running = counts.get('running') ?? 0;
  const more = [
    ...(running > 0 && !isTaskEnd(task.state) ? [`${running} running`] : []),
    ...(failed > 0 ? [output.style.red(`${failed} failed`)] : []),
  ];
  return `${done}/${task.mapLength}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}
