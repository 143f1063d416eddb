/** A timestamptz as the driver gives it. */
export type Stamp = Date | string;

/** RFC 3339 in UTC. */
export function iso(stamp: Stamp): string {
  return (stamp instanceof Date ? stamp : new Date(stamp)).toISOString();
}

export function isoOrNull(stamp: Stamp | null): string | null {
  return stamp === null ? null : iso(stamp);
}
