/** What a target may be about. */
export interface Figures {
  readonly workload: string;
  readonly mode: string | null;
  readonly way: string | null;
  readonly median_ms: number;
  readonly ratio: number | null;
  readonly work_ratio?: number;
  readonly fsyncs_per_task?: number;
}

interface Target {
  readonly workload: string;
  readonly mode?: string;
  readonly way?: string;
  readonly what: 'ratio' | 'work_ratio' | 'fsyncs_per_task' | 'median_ms';
  readonly atMost: number;
}

/** What the figures are to be, on a machine that has nothing else to do. */
const targets: readonly Target[] = [
  { workload: 'trigger', mode: 'run', way: 'direct', what: 'ratio', atMost: 0.25 },
  { workload: 'chain40', mode: 'run', way: 'fused', what: 'ratio', atMost: 0.25 },
  { workload: 'chain40', mode: 'run', way: 'offered', what: 'ratio', atMost: 0.7 },
  { workload: 'chain40', way: 'fused', what: 'fsyncs_per_task', atMost: 1.2 },
  { workload: 'fan200', mode: 'run', way: 'fused', what: 'ratio', atMost: 0.5 },
  { workload: 'long10', mode: 'run', way: 'fused', what: 'work_ratio', atMost: 1.05 },
  { workload: 'fan200', mode: 'reuse', way: 'fused', what: 'ratio', atMost: 0.35 },
  { workload: 'fan200', mode: 'reuse', way: 'offered', what: 'ratio', atMost: 0.7 },
  { workload: 'burst50', mode: 'reuse', way: 'fused', what: 'ratio', atMost: 0.9 },
  { workload: 'burst50 work', mode: 'reuse', way: 'fused', what: 'ratio', atMost: 0.4 },
  { workload: 'trigger', mode: 'reuse', way: 'direct', what: 'ratio', atMost: 2.0 },
  { workload: 'trigger', mode: 'reuse', way: 'queued', what: 'ratio', atMost: 2.0 },
  { workload: 'chain40', mode: 'reuse', way: 'fused', what: 'ratio', atMost: 1.4 },
  { workload: 'burst50', mode: 'reuse', way: 'fused', what: 'ratio', atMost: 1.8 },
  { workload: 'burst50', mode: 'reuse', way: 'queued', what: 'ratio', atMost: 1.8 },
  { workload: 'chain40', mode: 'reuse', way: 'queued', what: 'ratio', atMost: 1.4 },
  { workload: 'fan200', mode: 'reuse', way: 'queued', what: 'ratio', atMost: 1.6 },
  { workload: 'cold', what: 'median_ms', atMost: 1_000 },
  { workload: 'api list', what: 'ratio', atMost: 2.0 },
];

export interface Verdict {
  readonly what: Target['what'];
  readonly atMost: number;
  readonly value: number;
  readonly reached: boolean;
}

/** The targets that the row is measured against, with what became of them. */
export function verdictsOf(row: Figures): readonly Verdict[] {
  return targets.flatMap(({ workload, mode, way, what, atMost }) => {
    const meant =
      workload === row.workload && (mode ?? row.mode) === row.mode && (way === undefined || way === row.way);
    const value = row[what];
    return meant && typeof value === 'number' ? [{ what, atMost, value, reached: value <= atMost }] : [];
  });
}

const names = {
  ratio: 'ratio',
  work_ratio: 'of the work',
  fsyncs_per_task: 'fsyncs a task',
  median_ms: 'ms',
} as const;

/** `≤ 0.25 reached`, `≤ 1.2 fsyncs a task missed (1.6)`. */
export function targetText(row: Figures): string {
  const texts = verdictsOf(row).map(({ what, atMost, value, reached }) => {
    const name = what === 'ratio' ? '' : ` ${names[what]}`;
    return `≤ ${atMost}${name} ${reached ? 'reached' : 'missed'}${what === 'ratio' ? '' : ` (${value})`}`;
  });
  return texts.length === 0 ? '–' : texts.join('; ');
}
