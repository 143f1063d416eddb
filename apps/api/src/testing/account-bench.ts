import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import request from 'supertest';
import { expect } from 'vitest';
import { type RunningApi, startApi } from './start-api.js';

export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly organizationId: string;
  readonly userId: string;
}

export const password = 'correct horse battery';

/** The code of a problem document. */
export function codeOf(response: request.Response): string {
  return (response.body as { code: string }).code;
}

/** The whole API, and people who sign up and log in. */
export class AccountBench {
  private count = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly api: RunningApi,
  ) {}

  static async start(): Promise<AccountBench> {
    const database = await testDatabase();
    return new AccountBench(database, await startApi(database));
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.database.drop();
  }

  call(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, token?: string): request.Test {
    const test = request(this.api.server)[method](path);
    return token === undefined ? test : test.set('authorization', `Bearer ${token}`);
  }

  /** Looks at the database from outside. */
  sql<R extends object>(statement: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return asSuper<R>(this.database.superuserUrl, statement, parameters);
  }

  async signUp(slug = `org-${(this.count += 1)}`, email = `owner@${slug}.example`): Promise<Session> {
    const response = await this.call('post', '/v1/signup').send({
      organization: { name: slug, slug },
      email,
      name: 'Owner',
      password,
    });
    expect(response.status, response.text).toBe(201);
    await this.verify(email);
    return response.body as Session;
  }

  /** As if the person had followed the link in the mail. */
  async verify(email: string): Promise<void> {
    await this.sql(`update users set email_verified_at = now() where lower(email) = lower($1)`, [email]);
  }

  logIn(email: string, given = password, organization?: string): request.Test {
    const body = { email, password: given, ...(organization === undefined ? {} : { organization }) };
    return this.call('post', '/v1/login').send(body);
  }

  /** Invites a person, who accepts. */
  async join(owner: Session, role: string, email: string): Promise<Session> {
    const invited = await this.call('post', '/v1/invitations', owner.accessToken).send({ email, role });
    expect(invited.status, invited.text).toBe(201);
    const { token } = invited.body as { token: string };
    const accepted = await this.call('post', '/v1/invitations:accept').send({ token, name: role, password });
    expect(accepted.status, accepted.text).toBe(201);
    return accepted.body as Session;
  }
}
