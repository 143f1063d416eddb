import { z } from 'zod';
import { logLevels } from './logger.js';
import { absolutePathText, countText, defineSetting, flagText, portText, postgresUrlText } from './setting.js';

const baseUrlText = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http(s) URL')
  .refine((text) => !URL.canParse(text) || new URL(text).pathname === '/', 'must have no path')
  .transform((text) => new URL(text).origin);

const objectStoreText = z.string().superRefine((text, context) => {
  if (/^s3:\/\/[^/?@]+/.test(text)) return;
  if (!URL.canParse(text) || new URL(text).protocol !== 'file:' || new URL(text).host !== '') {
    context.addIssue({ code: 'custom', message: 'must be file:/// followed by an absolute path, or s3://bucket' });
  }
});

const hostPortText = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, 'must be host:port, IPv6 addresses in brackets');

const smtpUrlText = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'must be smtp://user:password@host:port or smtps://…',
  );

/** What `MILLRACE_TEST_FAULT` may break, so that the checks can be seen to notice. */
const testFaults = ['no-fence', 'no-tombstone', 'no-outbox-delete', 'lose-log'] as const;
export type TestFault = (typeof testFaults)[number];

/** Ways in which an attempt may reach its runner, besides the queue of its pool, which is always open. */
export type PushWay = 'direct' | 'offered';

const waysText = z.string().transform((text, context): readonly PushWay[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name === 'direct' || name === 'offered' || name === 'queued')) {
    return names.filter((name) => name !== 'queued');
  }
  context.addIssue({ code: 'custom', message: 'must name direct, offered or queued, with commas between' });
  return z.NEVER;
});

/** Where the runner gateway listens. */
export type GatewayAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

const gatewayText = z.string().transform((text, context): GatewayAddress => {
  if (text.startsWith('unix:/')) {
    const path = text.slice('unix:'.length);
    // sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
    if (Buffer.byteLength(path) <= 103) return { kind: 'unix', path };
    context.addIssue({ code: 'custom', message: 'the path of a Unix socket holds at most 103 bytes' });
    return z.NEVER;
  }
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    context.addIssue({ code: 'custom', message: 'must be unix:/path or host:port' });
    return z.NEVER;
  }
  return { kind: 'tcp', host: match[1].replace(/^\[|\]$/g, ''), port };
});

/**
 * Every environment variable that a program of Millrace reads; the reference in docs/ is generated from this table.
 * A program takes what it needs: `readConfig({ port: settings.port, url: required(settings.appDatabaseUrl) }, env)`.
 */
export const settings = {
  home: defineSetting({
    name: 'MILLRACE_HOME',
    schema: absolutePathText.optional(),
    form: 'an absolute path',
    standard: '`.millrace` in the checkout; `/var/lib/millrace/…` when started by root in a folder others cannot enter',
    description:
      'Folder of everything the standalone platform keeps: databases, objects, keys, logs, state. Two instances need two folders.',
  }),
  environment: defineSetting({
    name: 'MILLRACE_ENV',
    schema: z
      .enum(['development', 'production'], { error: 'must be development or production' })
      .default('development'),
    form: '`development` or `production`',
    standard: '`development`',
    description: 'Production refuses what is only good enough for a trial, such as running tasks without a sandbox.',
  }),
  logLevel: defineSetting({
    name: 'MILLRACE_LOG_LEVEL',
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
    form: logLevels.map((level) => `\`${level}\``).join(', '),
    standard: '`info`',
    description: 'Log lines below this level are not written.',
  }),
  bind: defineSetting({
    name: 'MILLRACE_BIND',
    schema: z.string().default('127.0.0.1'),
    form: 'an IP address of this machine, or `0.0.0.0`',
    standard: '`127.0.0.1`',
    description: 'Address on which the public API listens.',
  }),
  port: defineSetting({
    name: 'MILLRACE_PORT',
    schema: portText.optional(),
    form: 'a port number',
    standard: '7070, or the next free one, which is then kept',
    description: 'Port of the public API. When it is set and busy, the start fails and names the holder.',
  }),
  publicUrl: defineSetting({
    name: 'MILLRACE_PUBLIC_URL',
    schema: baseUrlText.optional(),
    form: 'a URL without path, such as `https://millrace.example.com`',
    standard: 'made from bind address and port',
    description: 'How people and programs reach the API; used in links, cookies and redirects.',
  }),
  trustProxy: defineSetting({
    name: 'MILLRACE_TRUST_PROXY',
    schema: z.string().optional(),
    form: 'a number of hops, or a comma-separated list of addresses and networks',
    standard: 'no proxy is trusted',
    description: 'Whose `X-Forwarded-*` headers are believed.',
  }),
  tlsCert: defineSetting({
    name: 'MILLRACE_TLS_CERT',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Certificate chain of the API; with `MILLRACE_TLS_KEY` it serves HTTPS itself.',
  }),
  tlsKey: defineSetting({
    name: 'MILLRACE_TLS_KEY',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Private key that belongs to `MILLRACE_TLS_CERT`.',
  }),
  databaseUrl: defineSetting({
    name: 'MILLRACE_DATABASE_URL',
    schema: postgresUrlText.optional(),
    form: '`postgres://owner:password@host:5432/database`',
    standard: 'the embedded Postgres',
    description:
      'Database as its owner, used for migrations only. Set all three database URLs to use a Postgres of your own (18 or newer is what is tested).',
    secret: true,
  }),
  appDatabaseUrl: defineSetting({
    name: 'MILLRACE_APP_DATABASE_URL',
    schema: postgresUrlText.optional(),
    form: '`postgres://millrace_app:password@host:5432/database`',
    standard: 'the embedded Postgres',
    description:
      'Database as `millrace_app`, which sees one tenant per transaction. Must be neither owner nor superuser.',
    secret: true,
  }),
  controlDatabaseUrl: defineSetting({
    name: 'MILLRACE_CONTROL_DATABASE_URL',
    schema: postgresUrlText.optional(),
    form: '`postgres://millrace_control:password@host:5432/database`',
    standard: 'the embedded Postgres',
    description:
      'Database as `millrace_control`, for the few jobs that span tenants. Must be neither owner nor superuser.',
    secret: true,
  }),
  temporalAddress: defineSetting({
    name: 'MILLRACE_TEMPORAL_ADDRESS',
    schema: hostPortText.optional(),
    form: '`host:port` of the gRPC frontend',
    standard: '`TEMPORAL_ADDRESS`, else the embedded Temporal server',
    description: 'An own Temporal cluster or Temporal Cloud.',
  }),
  temporalNamespace: defineSetting({
    name: 'MILLRACE_TEMPORAL_NAMESPACE',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/, 'is not a namespace name')
      .default('millrace'),
    form: 'the name of an existing namespace',
    standard: '`millrace`',
    description: 'Namespace that holds the workflows.',
  }),
  temporalTls: defineSetting({
    name: 'MILLRACE_TEMPORAL_TLS',
    schema: flagText.default(false),
    form: '`1` or `0`',
    standard: '`0`',
    description: 'Connect to Temporal over TLS; implied by any of the three files below and by an API key.',
  }),
  temporalTlsCa: defineSetting({
    name: 'MILLRACE_TEMPORAL_TLS_CA',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    standard: 'the authorities that the system trusts',
    description: 'Authority that signed the certificate of the Temporal server.',
  }),
  temporalTlsCert: defineSetting({
    name: 'MILLRACE_TEMPORAL_TLS_CERT',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Client certificate for mutual TLS.',
  }),
  temporalTlsKey: defineSetting({
    name: 'MILLRACE_TEMPORAL_TLS_KEY',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Private key that belongs to `MILLRACE_TEMPORAL_TLS_CERT`.',
  }),
  temporalApiKey: defineSetting({
    name: 'MILLRACE_TEMPORAL_API_KEY',
    schema: z.string().optional(),
    form: 'an API key of Temporal Cloud',
    description: 'Sent with every call to Temporal.',
    secret: true,
  }),
  foreignTemporalAddress: defineSetting({
    name: 'TEMPORAL_ADDRESS',
    schema: hostPortText.optional(),
    form: '`host:port` of the gRPC frontend',
    description: 'The variable of the Temporal CLI; used where `MILLRACE_TEMPORAL_ADDRESS` is not set.',
  }),
  temporalBin: defineSetting({
    name: 'TEMPORAL_BIN',
    schema: absolutePathText.optional(),
    form: 'the path of a `temporal` program',
    standard: 'found on `PATH`, in the cache, downloaded, or built with Go',
    description: 'The Temporal CLI whose development server the standalone platform runs.',
  }),
  objectStore: defineSetting({
    name: 'MILLRACE_OBJECT_STORE',
    schema: objectStoreText.optional(),
    form: '`file:///absolute/path`, or `s3://bucket/prefix?endpoint=https://…&region=…&pathStyle=true` (all but the bucket optional)',
    standard: 'the folder `objects` in `MILLRACE_HOME`',
    description:
      'Where bundles, large outputs, logs and artifacts are kept. For S3, credentials come from where AWS programs look for them, such as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.',
  }),
  gateway: defineSetting({
    name: 'MILLRACE_GATEWAY',
    schema: gatewayText.optional(),
    form: '`unix:/path` or `host:port`',
    standard: 'a socket in `MILLRACE_HOME`',
    description: 'Where the runner gateway of the API listens and runners connect.',
  }),
  masterKeyFile: defineSetting({
    name: 'MILLRACE_MASTER_KEY_FILE',
    schema: absolutePathText.optional(),
    form: 'the path of a file that holds 32 bytes in base64',
    standard: 'made at the first start in `MILLRACE_HOME`',
    description:
      'Key under which the data keys of all organizations are wrapped. Without it stored secrets are lost: back it up.',
  }),
  egressOpen: defineSetting({
    name: 'MILLRACE_EGRESS_OPEN',
    schema: absolutePathText.optional(),
    form: 'the path of a JSON file: `[{ "organization": "slug", "host": "10.0.0.5", "port": 5432 }]`',
    description:
      'Private addresses that tasks of the named organizations may reach; each entry opens one host and port.',
  }),
  smtpUrl: defineSetting({
    name: 'MILLRACE_SMTP_URL',
    schema: smtpUrlText.optional(),
    form: '`smtp://user:password@host:587`, or `smtps://…` for TLS from the first byte',
    standard: 'mail goes to the mailbox of the console; in production it is not sent',
    description: 'The mail server that alerts and account mails are sent through.',
    secret: true,
  }),
  mailFrom: defineSetting({
    name: 'MILLRACE_MAIL_FROM',
    schema: z
      .string()
      .regex(/^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'must be an address, or Name <address>')
      .default('Millrace <millrace@localhost>'),
    form: 'an address, or `Name <address>`',
    standard: '`Millrace <millrace@localhost>`',
    description: 'The sender of all mail; set it with `MILLRACE_SMTP_URL`.',
  }),
  mailbox: defineSetting({
    name: 'MILLRACE_MAILBOX',
    schema: flagText.optional(),
    form: '`1` or `0`',
    standard: '`1` where `MILLRACE_SMTP_URL` is not set; always `0` in production',
    description:
      'Keep mail in a table in place of sending it, and show each person the mail to their own address. For development.',
  }),
  alertWindow: defineSetting({
    name: 'MILLRACE_ALERT_WINDOW',
    schema: countText(1, 3_600)
      .optional()
      .transform((seconds) => seconds ?? 20),
    form: 'a whole number from 1 to 3600',
    standard: '20',
    description:
      'Seconds without a further failure of the same cause after which an alert is told. It is told after twice that, and at most 45 seconds, whatever goes on.',
  }),
  allowNoIsolation: defineSetting({
    name: 'MILLRACE_ALLOW_NO_ISOLATION',
    schema: flagText.default(false),
    form: '`1` or `0`',
    standard: '`0`',
    description: 'Accept that tasks of several organizations run without a sandbox, on a machine that offers none.',
  }),
  runnerRuntime: defineSetting({
    name: 'MILLRACE_RUNNER_RUNTIME',
    schema: absolutePathText.optional(),
    form: 'the path of a folder that holds `apps/runner` and `node_modules`',
    standard: 'the checkout, or a copy of what runners need where their user cannot read the checkout',
    description: 'Folder from which runner processes are started.',
  }),
  runnerNode: defineSetting({
    name: 'MILLRACE_RUNNER_NODE',
    schema: absolutePathText.optional(),
    form: 'the path of a Node.js program',
    standard: 'the one that runs the platform',
    description: 'Node.js with which runner processes are started.',
  }),
  runnerSpares: defineSetting({
    name: 'MILLRACE_RUNNER_SPARES',
    schema: countText(0, 64)
      .optional()
      .transform((count) => count ?? 1),
    form: 'a whole number from 0 to 64',
    standard: '1',
    description:
      'Runner processes that are kept booted and belong to nobody, so that a pool that was at zero starts in milliseconds.',
  }),
  poolUidBase: defineSetting({
    name: 'MILLRACE_POOL_UID_BASE',
    schema: countText(1_000, 2_000_000_000)
      .optional()
      .transform((base) => base ?? 2_000_000),
    form: 'a whole number from 1000 to 2000000000',
    standard: '2000000',
    description:
      'Started by root, the runners of each pool run under a user of their own: this number plus the number of the pool. Nobody else may use the range.',
  }),
  gatewayTlsCert: defineSetting({
    name: 'MILLRACE_GATEWAY_TLS_CERT',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Certificate chain of the runner gateway; with `MILLRACE_GATEWAY_TLS_KEY` it speaks TLS on its port.',
  }),
  gatewayTlsKey: defineSetting({
    name: 'MILLRACE_GATEWAY_TLS_KEY',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Private key that belongs to `MILLRACE_GATEWAY_TLS_CERT`.',
  }),
  gatewayTlsCa: defineSetting({
    name: 'MILLRACE_GATEWAY_TLS_CA',
    schema: absolutePathText.optional(),
    form: 'the path of a PEM file',
    description: 'Authority that signed the certificate of the gateway; set, runners connect to it over TLS.',
  }),
  ways: defineSetting({
    name: 'MILLRACE_WAYS',
    schema: waysText.default(['direct', 'offered']),
    form: 'a list out of `direct`, `offered` and `queued`, with commas between',
    standard: '`direct,offered,queued`',
    description:
      'Ways in which attempts may reach their runners. `queued` is always open: it is where work waits that no runner has room for.',
  }),
  testFault: defineSetting({
    name: 'MILLRACE_TEST_FAULT',
    schema: z.enum(testFaults, { error: `must be one of ${testFaults.join(', ')}` }).optional(),
    form: testFaults.map((fault) => `\`${fault}\``).join(', '),
    description:
      'Breaks the platform on purpose, so that its tests can be seen to notice: `no-fence` lets the gateway accept writes of leases that are over, `no-tombstone` lets runners begin what was offered too late, `no-outbox-delete` keeps debts that were paid, `lose-log` drops the last log lines of attempts that are followed in their stretch. Refused in production.',
  }),
  metricsPort: defineSetting({
    name: 'MILLRACE_METRICS_PORT',
    schema: portText.optional(),
    form: 'a port number',
    standard: 'not served; the API serves `/metrics` on its own port',
    description:
      'Port on which a program without an HTTP API serves `/metrics`, `/healthz` and `/readyz`. Under `npm start` the orchestrator has this port and the pool controller the one after it.',
  }),
  metricsToken: defineSetting({
    name: 'MILLRACE_METRICS_TOKEN',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
    form: 'a text of at least 16 characters',
    standard: 'the API answers `/metrics` to this machine only',
    description: 'Whoever sends it as `Authorization: Bearer …` may read `/metrics` of the API from anywhere.',
    secret: true,
  }),
  consoleFolder: defineSetting({
    name: 'MILLRACE_CONSOLE',
    schema: absolutePathText.optional(),
    form: 'the path of a folder with an `index.html`',
    standard: 'the build of `apps/console` that the set-up made',
    description: 'The web console, which the API serves at `/`.',
  }),
  downloadsFolder: defineSetting({
    name: 'MILLRACE_DOWNLOADS',
    schema: absolutePathText.optional(),
    form: 'the path of a folder',
    standard: 'the packages of the command line, the SDK and the clients that the set-up made',
    description: 'Files that the API serves under `/downloads/` to everybody.',
  }),
  apiRate: defineSetting({
    name: 'MILLRACE_API_RATE',
    schema: countText(1, 10_000_000)
      .optional()
      .transform((count) => count ?? 60_000),
    form: 'a whole number from 1 to 10000000',
    standard: '60000',
    description: 'Requests a minute that the API takes from one credential.',
  }),
  signupRate: defineSetting({
    name: 'MILLRACE_SIGNUP_RATE',
    schema: countText(1, 1_000_000)
      .optional()
      .transform((count) => count ?? 30),
    form: 'a whole number from 1 to 1000000',
    standard: '30',
    description: 'Sign-ups an hour that the API takes from one network address.',
  }),
  databasePoolSize: defineSetting({
    name: 'MILLRACE_DATABASE_POOL_SIZE',
    schema: countText(2, 500)
      .optional()
      .transform((size) => size ?? 10),
    form: 'a whole number from 2 to 500',
    standard: '10',
    description: 'Connections that one process opens at most for each of its database roles.',
  }),
  testTier: defineSetting({
    name: 'MILLRACE_TEST_TIER',
    schema: z.literal('none', { error: 'must be none' }).optional(),
    form: '`none`',
    description:
      'Lets the test suite pass on a machine without bubblewrap; the isolation tests are then counted as failed no longer.',
  }),
} as const;
