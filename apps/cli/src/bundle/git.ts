import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the pushed files come from. */
export interface GitState {
  readonly commit: string;
  readonly branch: string | undefined;
  /** First line of the commit's message. */
  readonly subject: string;
  /** Address of the remote repository, without a credential. */
  readonly repository: string | undefined;
  /** Files of the folder differ from the commit. */
  readonly dirty: boolean;
}

/** What git says of a folder; undefined where it is none of git's, or git is not installed. */
export async function gitState(folder: string): Promise<GitState | undefined> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', args, { cwd: folder, timeout: 5_000, maxBuffer: 1024 * 1024 });
    return stdout.trim();
  };
  try {
    const [log, branch, changed, remote] = await Promise.all([
      git('log', '-1', '--format=%H%n%s'),
      git('rev-parse', '--abbrev-ref', 'HEAD'),
      git('status', '--porcelain', '--', '.'),
      git('remote', 'get-url', 'origin').catch(() => ''),
    ]);
    const [commit = '', subject = ''] = log.split('\n');
    return {
      commit,
      subject,
      branch: branch === 'HEAD' ? undefined : branch,
      // Some write a token into the address.
      repository: remote === '' ? undefined : remote.replace(/^(\w+:\/\/)[^@/]*@/, '$1'),
      dirty: changed !== '',
    };
  } catch {
    return undefined;
  }
}

const maxMessage = 500;

/** What a deployment is about, where nobody said it. */
export function messageOf(state: GitState): string {
  const place = [state.branch, state.commit.slice(0, 12)].filter((part) => part !== undefined).join('@');
  return `${state.subject} (${place}${state.dirty ? ', with changes' : ''})`.slice(0, maxMessage);
}

/** The same as query fields of a deployment. */
export function sourceOf(state: GitState) {
  return {
    commit: state.commit,
    commitMessage: state.subject.slice(0, maxMessage),
    dirty: state.dirty ? ('true' as const) : ('false' as const),
    ...(state.branch === undefined ? {} : { branch: state.branch.slice(0, 255) }),
    ...(state.repository === undefined ? {} : { repository: state.repository.slice(0, maxMessage) }),
  };
}
