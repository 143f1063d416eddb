import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const servers = ['./libs/testing/dist/global-setup.js'];

export default defineConfig({
  test: {
    globalSetup: servers,
    // Real servers and child processes: a spec may wait for a start, never for a fixed time.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Built packages are plain ESM; loading them natively gives every spec the one instance that the programs use.
    server: { deps: { external: [/\/dist\//, /\/node_modules\//] } },
    coverage: { include: ['libs/*/src/**', 'apps/*/src/**'], exclude: ['**/*.spec.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          maxWorkers: Math.max(2, availableParallelism()),
          sequence: { groupOrder: 0 },
          include: ['libs/**/src/**/*.spec.ts', 'apps/**/src/**/*.spec.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.spec.ts'],
          exclude: ['**/dist/**', '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Whole platforms, one after the other and after the rest: two at once would starve each other.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
