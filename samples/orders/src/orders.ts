/** One order as the shop's service gives it. */
export interface Order {
  readonly id: string;
  readonly cents: number;
  /** Hours until delivery: what was promised, and what it took. */
  readonly promisedHours: number;
  readonly tookHours: number;
}

export interface Page {
  readonly page: number;
  readonly orders: readonly Order[];
}

export interface Summary {
  readonly day: string;
  readonly pages: number;
  readonly orders: number;
  readonly cents: number;
  readonly late: number;
  readonly latest: readonly string[];
}

export interface Note {
  readonly level: 'urgent' | 'calm';
  readonly text: string;
}
