import { Context } from '@temporalio/activity';
import { monotonicMs } from './bundle.js';

export interface StepInput {
  readonly name: string;
  readonly mapIndex: number;
  readonly n: number;
}

function logLine({ name, mapIndex }: StepInput): void {
  process.stdout.write(`${Context.current().info.workflowExecution?.workflowId ?? ''} line of ${name} ${mapIndex}\n`);
}

/** What each activity returns. */
export interface PlainResult {
  readonly n: number;
  /** Monotonic milliseconds of its first statement. */
  readonly at: number;
}

/** The same work as the bundle's `step`. */
export async function step(input: StepInput): Promise<PlainResult> {
  const at = monotonicMs();
  logLine(input);
  return { n: input.n + 1, at };
}

/** The same work as the bundle's `burn`. */
export async function burn(input: StepInput & { readonly cpuMs: number }): Promise<PlainResult> {
  const at = monotonicMs();
  const before = process.cpuUsage();
  for (let spent = 0; spent < input.cpuMs * 1000;) {
    const now = process.cpuUsage(before);
    spent = now.user + now.system;
  }
  logLine(input);
  return { n: input.n + 1, at };
}
