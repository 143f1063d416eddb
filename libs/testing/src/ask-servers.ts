import { request } from 'node:http';
import { inject } from 'vitest';

/** Asks the test run for one of its servers, which is started if need be; rejects with the reason when it cannot be. */
export function askForServer(path: '/postgres' | '/temporal'): Promise<unknown> {
  const socketPath = inject('testServers');
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body));
        else reject(new Error(`the test run has no ${path.slice(1)}: ${body}`));
      });
    });
    call.once('error', reject);
    call.end();
  });
}
