import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { longTaskCpuMs, monotonicMs, type Shape, shapes } from './bundle.js';
import type { PlainAnswer, PlainOrder } from './plain-worker.js';
import { checkSteps, type Step } from './read-back.js';

export interface PlainPlace {
  /** `host:port` of the platform's own Temporal server. */
  readonly address: string;
  readonly namespace: string;
  readonly slots: number;
}

export interface PlainRound {
  readonly ms: number;
  /** Until the last activity has begun; those of the shape `burst50` do nothing else. */
  readonly workDoneMs: number;
}

const program = fileURLToPath(new URL('./plain-worker.js', import.meta.url));
const logPatienceMs = 5_000;

/** The hand-written workflow on the same server, with its two processes. */
export class PlainSide {
  private readonly waiting = new Map<number, (answer: PlainAnswer) => void>();
  private readonly lines = new Map<string, string[]>();
  private next = 1;

  private constructor(
    private readonly workflows: ChildProcess,
    private readonly activities: ChildProcess,
    private readonly taskQueue: string,
  ) {
    workflows.on('message', (message) => {
      const answer = message as PlainAnswer;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    let rest = '';
    activities.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) this.keep(line);
    });
  }

  static async start({ address, namespace, slots }: PlainPlace): Promise<PlainSide> {
    const taskQueue = `plain-${process.pid}`;
    const start = async (role: string): Promise<ChildProcess> => {
      const args = [role, address, namespace, taskQueue, String(slots)];
      const child = fork(program, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      await new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve());
        child.once('exit', (code) => reject(new Error(`the plain ${role} worker ended with ${code ?? 'a signal'}`)));
      });
      return child;
    };
    const [workflows, activities] = await Promise.all([start('workflow'), start('activity')]);
    return new PlainSide(workflows, activities, taskQueue);
  }

  /** One round of the shape, read back; for `trigger` until the first statement of the activity. */
  async round(shape: Shape): Promise<PlainRound> {
    const { tasks, runs } = shapes[shape];
    const began = monotonicMs();
    const ids = Array.from({ length: runs }, () => `plain-${shape}-${this.next++}`);
    const answers = await Promise.all(ids.map((id) => this.execute(id, shape, tasks)));
    const took = monotonicMs() - began;
    for (const [index, { results, error }] of answers.entries()) {
      if (results === undefined) throw new Error(`the plain workflow failed: ${error ?? 'no result'}`);
      checkSteps(shape, await this.steps(ids[index] ?? '', shape, results));
    }
    const [only] = answers;
    const first = (only?.results?.[0]?.at ?? 0) - (only?.startedAt ?? 0);
    const last = Math.max(...answers.flatMap(({ results }) => results?.map(({ at }) => at) ?? []));
    return { ms: shape === 'trigger' ? first : took, workDoneMs: last - began };
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.workflows, this.activities].map((child) => {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.disconnect();
        setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
        return gone;
      }),
    );
  }

  private execute(workflowId: string, shape: Shape, tasks: number): Promise<PlainAnswer> {
    const id = this.next++;
    const order: PlainOrder = {
      id,
      workflowId,
      input: { shape, tasks, cpuMs: longTaskCpuMs, taskQueue: this.taskQueue },
    };
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.workflows.send(order);
    });
  }

  private async steps(id: string, shape: Shape, results: readonly { n: number; at: number }[]): Promise<Step[]> {
    for (let waited = 0; (this.lines.get(id)?.length ?? 0) < results.length && waited < logPatienceMs; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const lines = this.lines.get(id) ?? [];
    this.lines.delete(id);
    return results.map(({ n }, index) => {
      const [task, mapIndex] = shape === 'fan200' ? ['t1', index] : [`t${index + 1}`, -1];
      return { task, mapIndex, n, lines: lines.filter((line) => line === `line of ${task} ${mapIndex}`) };
    });
  }

  private keep(line: string): void {
    const [id = '', ...words] = line.split(' ');
    const kept = this.lines.get(id) ?? [];
    this.lines.set(id, kept);
    kept.push(words.join(' '));
  }
}
