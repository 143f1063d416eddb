import { Inject, Injectable } from '@nestjs/common';
import { latestMigration } from '@millrace/database';
import { appPool, type ConnectionPool, controlPool } from './tokens.js';

/** Why a part is not ready, in a word for people; resolves when it is. */
export type ReadinessCheck = () => Promise<void>;

const timeoutMs = 2_000;

/** What `/readyz` asks. Parts of the process add their own checks. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  constructor(@Inject(appPool) app: ConnectionPool, @Inject(controlPool) control: ConnectionPool) {
    this.checks.set('postgres', () => answers(app));
    this.checks.set('postgres-control', () => answers(control));
    this.checks.set('migrations', async () => {
      const newest = `select name from schema_migrations order by timestamp desc limit 1`;
      const [row] = await control.query<{ name: string }[]>(newest).catch(unreachable);
      if (row?.name !== latestMigration()) {
        throw new Error(`the schema is at ${row?.name ?? 'nothing'}, this release needs ${latestMigration()}`);
      }
    });
  }

  /** Registers a check; the error's message is shown. */
  add(part: string, check: ReadinessCheck): void {
    this.checks.set(part, check);
  }

  /** The parts that are missing, with the reason; empty when all are there. */
  async missing(): Promise<{ readonly part: string; readonly reason: string }[]> {
    const results = await Promise.all(
      [...this.checks].map(async ([part, check]) => {
        const reason = await within(check());
        return reason === undefined ? [] : [{ part, reason }];
      }),
    );
    return results.flat();
  }
}

/** The error itself names hosts and roles, which are nobody's business: it is in the log. */
function unreachable(): never {
  throw new Error('cannot be reached');
}

async function answers(source: ConnectionPool): Promise<void> {
  await source.query('select 1').catch(unreachable);
}

async function within(work: Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('gives no answer'), timeoutMs);
  });
  const reason = await Promise.race([
    work.then(
      () => undefined,
      (error: unknown) => (error instanceof Error && error.message !== '' ? error.message : 'cannot be reached'),
    ),
    late,
  ]);
  clearTimeout(timer);
  return reason;
}
