import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Platform } from './platform.js';

/** The plan with the most pipelines, slots and requests a minute. */
const roomyPlan = 'enterprise';

/** The platform's own database as its superuser sees it. */
export async function embeddedDatabaseUrl(platform: Platform): Promise<string> {
  const { processes, home } = await platform.status();
  const port = processes.find(({ name }) => name === 'postgres')?.port;
  const passwords = JSON.parse(await readFile(join(home, 'passwords', 'passwords.json'), 'utf8')) as {
    readonly postgres: string;
  };
  return `postgres://postgres:${passwords.postgres}@127.0.0.1:${port ?? 0}/millrace`;
}

/** What an operator does for customers who need more than the plan that every organization begins with. */
export async function giveRoom(superuserUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: superuserUrl });
  await database.connect();
  try {
    await database.query('update organizations set plan = $1', [roomyPlan]);
  } finally {
    await database.end();
  }
}
