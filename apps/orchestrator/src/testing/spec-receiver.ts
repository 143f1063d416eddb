import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that receives webhooks and answers as it is told. */
export interface SpecReceiver {
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  answer: (response: ServerResponse, request: ReceivedRequest) => void;
  readonly close: () => Promise<void>;
}

export async function specReceiver(): Promise<SpecReceiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      const request = { path: incoming.url ?? '', headers: incoming.headers, body };
      requests.push(request);
      receiver.answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const receiver: SpecReceiver = {
    port: address.port,
    requests,
    answer: (response) => void response.writeHead(200).end('thanks'),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}
