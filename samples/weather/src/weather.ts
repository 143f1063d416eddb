/** One day's observation. */
export interface Day {
  readonly date: string;
  readonly rainMm: number;
  readonly maxC: number;
  readonly minC: number;
  readonly kind: string;
}

export interface Year {
  readonly year: number;
  readonly days: readonly Day[];
}

/** One month's figures, as loaded into the warehouse. */
export interface Month {
  readonly year: number;
  readonly month: number;
  readonly days: number;
  readonly wet_days: number;
  readonly rain_mm: number;
  readonly mean_max_c: number;
  readonly mean_min_c: number;
}
