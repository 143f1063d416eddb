import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { HttpClient } from '@millrace/clients';
import type { Json } from '@millrace/kernel';
import { webhookPayload } from '@millrace/contracts/webhook-payload';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Received {
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface RunView {
  readonly id: string;
  readonly state: string;
  readonly endedAt: string;
}

interface AlertView {
  readonly state: string;
  readonly count: number;
  readonly wasted: { readonly nanoUsd: string };
}

const failing = `
export default function fail({ ok }) {
  if (ok) return 1;
  throw new TypeError('the answer is ' + Math.random());
}
`;
const bundle = {
  files: { 'task.mjs': failing },
  pipelines: [
    {
      pipeline: 'shaky',
      params: { type: 'object', properties: { ok: { type: 'boolean', default: false } } },
      tasks: { only: { type: 'node', entry: 'task.mjs', input: { ok: '${{ params.ok }}' } } },
    },
  ],
};

/** As shipped: the standard window, a real mail server, a real receiver, an orchestrator that is killed. */
describe('alerts of the platform on one machine', () => {
  const mails: { at: number; mail: ParsedMail }[] = [];
  const requests: Received[] = [];
  let smtp: SMTPServer;
  let receiver: Server;
  let platform: Platform;
  let client: HttpClient;
  let secret: string;

  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        simpleParser(stream).then(
          (mail) => {
            mails.push({ at: Date.now(), mail });
            done();
          },
          (error: unknown) => done(error as Error),
        );
      },
    });
    smtp.on('error', () => undefined);
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    receiver = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        requests.push({ at: Date.now(), headers: incoming.headers, body });
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const mailPort = (smtp.server.address() as AddressInfo).port;
    platform = await Platform.start({
      root,
      egressOpen: [{ organization: 'told', host: '127.0.0.1', port }],
      environment: { MILLRACE_SMTP_URL: `smtp://127.0.0.1:${mailPort}` },
    });
    client = await signUp(platform.url, 'told');
    const hook = { name: 'ops', url: `http://127.0.0.1:${port}/hook` };
    secret = (await client.post<{ secret: string }>('/v1/webhooks', hook)).secret;
    const notify: Json = [
      { on: ['failed', 'recovered'], email: 'owners' },
      { on: ['failed', 'recovered'], webhook: 'ops' },
    ];
    await client.raw('PATCH', '/v1/environments/production', { json: { notify } });
    await client.post('/v1/deployments', bundle);
  }, 300_000);

  afterAll(async () => {
    // It is not there where its start failed.
    await (platform as Platform | undefined)?.remove();
    receiver.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  }, 60_000);

  const alertMails = (): typeof mails => mails.filter(({ mail }) => mail.subject?.includes('shaky') === true);

  async function run(params: Record<string, boolean>): Promise<RunView> {
    const { id } = await client.post<RunView>('/v1/pipelines/shaky/runs', { params });
    for (;;) {
      const now = await client.get<RunView>(`/v1/runs/${id}`, { query: { wait: '20s' } });
      if (!['queued', 'running'].includes(now.state)) return now;
    }
  }

  async function killOrchestrator(): Promise<void> {
    const pid = (await platform.status()).processes.find(({ name }) => name === 'orchestrator')?.pid;
    if (pid === null || pid === undefined) throw new Error('there is no orchestrator');
    process.kill(pid, 'SIGKILL');
  }

  it('tell of forty failures of one cause in one mail, in under a minute, although the orchestrator is killed', async () => {
    const ended = await Promise.all(Array.from({ length: 40 }, () => run({})));
    const firstAt = Math.min(...ended.map(({ endedAt }) => Date.parse(endedAt)));
    // All is committed and nothing is told yet: what the next one tells, it has from the database.
    expect(alertMails()).toEqual([]);
    await killOrchestrator();
    while (alertMails().length === 0 && Date.now() < firstAt + 120_000) await sleep(200);
    while (requests.length === 0 && Date.now() < firstAt + 120_000) await sleep(200);
    // Nothing more comes.
    await sleep(3_000);
    const [told] = alertMails();
    const [request] = requests;
    const payload = webhookPayload.parse(
      new Verifier(secret).verify(request?.body ?? '', request?.headers as Record<string, string>),
    );
    const { data } = await client.get<{ data: AlertView[] }>('/v1/alerts');
    process.stdout.write(`the mail came ${((told?.at ?? 0) - firstAt) / 1000} s after the first failure\n`);

    expect(ended.map(({ state }) => state)).toEqual(ended.map(() => 'failed'));
    expect(alertMails().map(({ mail }) => mail.subject)).toEqual([
      '[Millrace] shaky (production) failed: 40 failures of task "only", TypeError',
    ]);
    expect((told?.at ?? Infinity) - firstAt).toBeLessThan(60_000);
    expect(data).toMatchObject([{ state: 'open', count: 40 }]);
    expect(BigInt(data[0]?.wasted.nanoUsd ?? 0)).toBeGreaterThan(0n);
    expect(payload).toMatchObject({ type: 'alert.failed', data: { count: 40, wasted: data[0]?.wasted } });
    expect(requests).toHaveLength(1);
  }, 240_000);

  it('say with the totals that the pipeline recovered', async () => {
    await run({ ok: true });
    const until = Date.now() + 30_000;
    while (alertMails().length < 2 && Date.now() < until) await sleep(100);

    expect(alertMails()[1]?.mail.subject).toBe(
      '[Millrace] shaky (production) recovered after 40 failures of task "only", TypeError',
    );
    const { data } = await client.get<{ data: AlertView[] }>('/v1/alerts');
    expect(data).toMatchObject([{ state: 'recovered', count: 40 }]);
  }, 60_000);
});
