import { HttpClient } from '@millrace/clients';

/** Signs an organization up and gives a client with an API key of its own that may do everything. */
export async function signUp(url: string, slug: string): Promise<HttpClient> {
  return (await signUpWithKey(url, slug)).client;
}

/** The same with the key, for those who speak without the client. */
export async function signUpWithKey(url: string, slug: string): Promise<{ client: HttpClient; key: string }> {
  const client = new HttpClient({ baseUrl: url, patienceMs: 60_000 });
  const session = await client.post<{ accessToken: string }>('/v1/signup', {
    organization: { name: slug, slug },
    name: 'Somebody',
    email: `somebody@${slug}.example`,
    password: 'a long enough password for a test',
  });
  const { key } = await client
    .withToken(session.accessToken)
    .post<{ key: string }>('/v1/api-keys', { name: 'test', scopes: ['read', 'run', 'deploy', 'manage'] });
  return { client: client.withToken(key), key };
}
