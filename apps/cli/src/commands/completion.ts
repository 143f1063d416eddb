import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** `completion <shell>` and what the printed script calls. It comes last: it looks at every other command. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: 'completion' });
}
