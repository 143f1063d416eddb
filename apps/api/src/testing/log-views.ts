/** Lines that are missing, as a page of a log names them. */
export interface Gap {
  readonly gap: { readonly from: number; readonly to: number };
}

/** A line of a log. */
export interface Line {
  readonly seq: number;
  readonly at: string;
  readonly stream: string;
  readonly text: string;
}

/** A page of the log of a task. */
export interface LogPageView {
  readonly attempt: number | null;
  readonly state: string | null;
  readonly data: readonly (Line | Gap)[];
  readonly complete: boolean;
  readonly incomplete?: true;
  readonly nextCursor: string | null;
}

/** `1 2 [3-5] 6`: sequence numbers and gaps, in order. */
export function shape(items: readonly (Line | Gap)[]): string {
  return items.map((item) => ('gap' in item ? `[${item.gap.from}-${item.gap.to}]` : String(item.seq))).join(' ');
}
