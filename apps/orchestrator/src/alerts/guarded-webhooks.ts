import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { WebhookAnswer, WebhookRequest, WebhookTransport } from '@millrace/alerts';
import type { EgressOpenings } from '@millrace/platform';
import type { EgressGuard } from '@millrace/sandbox';

export interface GuardedWebhooksOptions {
  readonly guard: EgressGuard;
  readonly openings: EgressOpenings;
  /** False refuses plain HTTP, but to what the operator opened. */
  readonly allowPlain: boolean;
  /** For the whole request, in milliseconds. */
  readonly timeoutMs?: number;
  /** Authorities of receivers in place of those that Node.js trusts, as PEM. */
  readonly ca?: string;
}

/** What is kept of an answer. */
const keptBytes = 1_024;
/** A receiver that sends more is hung up on; by then its status is known. */
const maxAnswerBytes = 64 * 1_024;

/**
 * Posts to webhooks through the egress guard: it resolves the name, judges every address and connects to the judged
 * one. Redirects are not followed; an answer is cut after a KiB.
 */
export class GuardedWebhooks implements WebhookTransport {
  constructor(private readonly options: GuardedWebhooksOptions) {}

  async post(request: WebhookRequest): Promise<WebhookAnswer> {
    const { guard, openings, allowPlain, timeoutMs = 15_000, ca } = this.options;
    const url = new URL(request.url);
    const isTls = url.protocol === 'https:';
    const target = { host: url.hostname, port: Number(url.port || (isTls ? 443 : 80)) };
    const open = openings(request.organization);
    if (!isTls && !allowPlain && !open.some((one) => one.host === target.host && one.port === target.port)) {
      return { outcome: 'refused', error: 'webhooks need https://' };
    }
    // Well-known ports of other services are no place for webhooks; receivers on high ports are common.
    const allowPorts = target.port === 80 || target.port === 443 || target.port >= 1_024 ? [target.port] : [];
    const deadline = AbortSignal.timeout(timeoutMs);
    const socket = await guard.connect(target, { open, allowPorts });
    if ('reason' in socket) {
      const passing = socket.reason === 'connect_failed' || socket.reason === 'name_not_resolved';
      const error =
        socket.reason === 'port_not_allowed'
          ? `port ${target.port} is not open for webhooks: use 443, 80 or one from 1024 on`
          : socket.message;
      return { outcome: passing ? 'unreachable' : 'refused', error };
    }
    try {
      return await exchange(socket, { url, request, deadline, ca });
    } catch (error) {
      const late = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : undefined;
      return { outcome: 'unreachable', error: late ?? (error instanceof Error ? error.message : String(error)) };
    } finally {
      socket.destroy();
    }
  }
}

interface Exchange {
  readonly url: URL;
  readonly request: WebhookRequest;
  readonly deadline: AbortSignal;
  readonly ca: string | undefined;
}

async function exchange(socket: Socket, { url, request, deadline, ca }: Exchange): Promise<WebhookAnswer> {
  // The certificate is checked against the name that was asked for, not against the address.
  const servername = /^[\d.]+$|:/.test(url.hostname) ? '' : url.hostname;
  const isTls = url.protocol === 'https:';
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (isTls ? tlsRequest : plainRequest)({
      method: 'POST',
      host: url.hostname,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...request.headers,
        host: url.host,
        'content-length': String(Buffer.byteLength(request.body)),
        connection: 'close',
      },
      createConnection: () =>
        isTls ? tlsConnect({ socket, servername, host: url.hostname, ALPNProtocols: ['http/1.1'], ca }) : socket,
      signal: deadline,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(request.body);
  });
  const response = await readStart(answer, deadline);
  const retryAfterMs = retryAfterOf(answer.headers['retry-after']);
  return {
    outcome: 'answered',
    status: answer.statusCode ?? 0,
    response,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The first KiB as text. A body that stalls, breaks off or never ends does not change what the status said. */
async function readStart(answer: IncomingMessage, deadline: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      if (size < keptBytes) chunks.push(chunk.subarray(0, keptBytes - size));
      size += chunk.length;
      if (size > maxAnswerBytes || deadline.aborted) break;
    }
  } catch {
    // What arrived is kept.
  }
  answer.destroy();
  // Postgres keeps no NUL in a text.
  return Buffer.concat(chunks).toString('utf8').replaceAll('\0', '');
}

function retryAfterOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
