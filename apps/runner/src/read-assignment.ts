import { type RunnerAssignment, runnerAssignment } from '@millrace/contracts/assignment';

const maxBytes = 256 * 1024;

/**
 * Waits for the one line on standard input that says whose runner this is. `undefined` when the input ends before it:
 * then nobody needs this process any more.
 */
export function readAssignment(input: NodeJS.ReadStream): Promise<RunnerAssignment | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (): void => {
      input.off('data', take);
      input.off('end', ended);
      input.off('error', ended);
      // The controller may die at any time; its end of the pipe means nothing from now on.
      input.on('error', () => undefined);
      input.destroy();
    };
    const take = (chunk: string): void => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= maxBytes) return;
      finish();
      if (end < 0) reject(new Error('the assignment is too long'));
      else parse(text.slice(0, end)).then(resolve, reject);
    };
    const ended = (): void => {
      finish();
      resolve(undefined);
    };
    input.setEncoding('utf8');
    input.on('data', take);
    input.on('end', ended);
    input.on('error', ended);
  });
}

async function parse(line: string): Promise<RunnerAssignment> {
  const result = await runnerAssignment.safeParseAsync(JSON.parse(line));
  if (result.success) return result.data;
  // Neither values nor the text itself: both may hold secrets.
  const places = result.error.issues.map((issue) => `/${issue.path.join('/')} (${issue.code})`);
  throw new Error(`the assignment is not valid at ${places.join(', ')}`);
}
