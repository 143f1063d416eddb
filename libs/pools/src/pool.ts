import type { PoolSize } from '@millrace/contracts';

/**
 * How much of a sandbox attempts share: nothing; with others of their run that declare the same; with others of any run
 * that declare the same.
 */
export const sandboxModes = ['fresh', 'run', 'reuse'] as const;
export type SandboxMode = (typeof sandboxModes)[number];

/** How well a machine isolates, weakest first. */
export const isolationTiers = ['none', 'restricted', 'standard', 'strong'] as const;
export type IsolationTier = (typeof isolationTiers)[number];

export const runnerStates = ['starting', 'ready', 'draining', 'ended'] as const;
export type RunnerState = (typeof runnerStates)[number];

/** The pool that every environment has, and that tasks use which name none. */
export const defaultPool = 'default';

export const poolNameForm = /^[a-z][a-z0-9_-]{0,62}$/;

/** Bounds of what a pool may be set to; the table has the same. */
export const poolBounds = {
  slotsPerRunner: { min: 1, max: 64 },
  maxRunners: { min: 1, max: 100 },
  idleSeconds: { min: 1, max: 86_400 },
  perEnvironment: 100,
} as const;

/** What may be changed of a pool. The name stays: definitions refer to it. */
export interface PoolSettings {
  readonly size: PoolSize;
  readonly slotsPerRunner: number;
  readonly maxRunners: number;
  readonly idleSeconds: number;
  readonly sandboxMode: SandboxMode;
  /** Runners on machines that isolate less are refused. */
  readonly minTier: IsolationTier | null;
}

export const standardPool: PoolSettings = {
  size: 's',
  slotsPerRunner: 4,
  maxRunners: 2,
  idleSeconds: 60,
  sandboxMode: 'run',
  minTier: null,
};
