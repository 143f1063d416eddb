import type { Command } from 'commander';
import type { Cli } from './cli.js';

/**
 * Makes a commander action of a command's work, which gets its arguments, then its options, and ends with the exit code 0
 * unless it throws.
 */
export type Act = <Given extends readonly unknown[]>(
  work: (cli: Cli, ...given: Given) => Promise<void>,
) => (...given: [...Given, Command]) => Promise<void>;
