import type { AlertMessageData, AlertMessageType, WebhookPayload } from '@millrace/contracts/webhook-payload';
import { formatDollars } from '@millrace/kernel';
import type { Alert } from './alert.js';

/** What a message says beyond its alert. */
export interface AlertFacts {
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
  readonly environment: { readonly id: string; readonly slug: string };
  readonly pipeline: { readonly id: string; readonly name: string };
  readonly version: number;
  readonly owner: string;
  /** How people reach the console, without a slash at the end. */
  readonly consoleUrl: string;
}

/** The JSON of a message: never an output, a param or a secret; names, states, ids, counts, cost and a cut error. */
export function alertPayload(
  type: AlertMessageType,
  alert: Alert,
  facts: AlertFacts,
  at: Date,
): Extract<WebhookPayload, { type: AlertMessageType }> {
  const { consoleUrl, environment, organization } = facts;
  const runOf = (id: string): { id: string; url: string } => ({ id, url: `${consoleUrl}/runs/${id}` });
  return {
    type,
    timestamp: at.toISOString(),
    data: {
      alert: {
        id: alert.id,
        event: alert.event,
        state: type === 'alert.recovered' ? 'recovered' : alert.state,
        url: `${consoleUrl}/alerts/${alert.id}?environment=${encodeURIComponent(environment.slug)}`,
      },
      reminder: type !== 'alert.recovered' && alert.messages > 0,
      organization: { id: organization.id, name: organization.name },
      environment: { id: environment.id, name: environment.slug },
      pipeline: facts.pipeline,
      version: facts.version,
      owner: facts.owner,
      cause: {
        task: alert.taskId,
        class: alert.errorClass,
        message: alert.errorMessage,
        frame: alert.topFrame,
      },
      count: Number(alert.failures),
      runCount: Number(alert.runs),
      wasted: { nanoUsd: alert.wasted.toString(), usd: formatDollars(alert.wasted) },
      firstSeenAt: alert.firstSeenAt.toISOString(),
      lastSeenAt: alert.lastSeenAt.toISOString(),
      recoveredAt: alert.recoveredAt?.toISOString() ?? null,
      recoveredBy: alert.recoveredBy === null ? null : runOf(alert.recoveredBy),
      runs: alert.runIds.map(runOf),
    },
  };
}

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** One line that says it all: the subject of a mail, the text of a Slack message. */
export function headline(payload: WebhookPayload): string {
  if (payload.type === 'webhook.test') return `A test of the webhook "${payload.data.webhook.name}"`;
  const { pipeline, environment, cause, count, alert } = payload.data;
  const where = `${pipeline.name} (${environment.name})`;
  const task = cause.task === null ? '' : ` of task "${cause.task}"`;
  switch (payload.type) {
    case 'alert.failed':
      return `${where} ${payload.data.reminder ? 'still fails' : 'failed'}: ${plural(count, 'failure')}${task}, ${cause.class}`;
    case 'alert.deadline_missed':
      return `${where} missed its deadline: ${plural(count, 'run')} ${cause.class === 'not_started' ? 'that never started' : 'not done in time'}`;
    case 'alert.recovered':
      return alert.event === 'failed'
        ? `${where} recovered after ${plural(count, 'failure')}${task}, ${cause.class}`
        : `${where} is in time again after ${plural(count, 'missed deadline')}`;
  }
}

/** The facts of an alert as pairs of a word and a value, in the order in which they are read. */
function lines(data: AlertMessageData): [string, string][] {
  const { cause } = data;
  return [
    ['Organization', data.organization.name],
    ['Environment', data.environment.name],
    ['Pipeline', `${data.pipeline.name}, version ${data.version}, deployed by ${data.owner}`],
    ...(cause.task === null ? [] : [['Task', cause.task] as [string, string]]),
    ['Cause', cause.class],
    ...(cause.message === null || cause.message === '' ? [] : [['Message', cause.message] as [string, string]]),
    ...(cause.frame === null ? [] : [['At', cause.frame] as [string, string]]),
    [
      'Count',
      `${plural(data.count, data.alert.event === 'failed' ? 'failure' : 'missed deadline')} in ${plural(data.runCount, 'run')}`,
    ],
    ['Wasted', `$${data.wasted.usd}`],
    ['First seen', data.firstSeenAt],
    ['Last seen', data.lastSeenAt],
    ...(data.recoveredAt === null ? [] : [['Recovered', data.recoveredAt] as [string, string]]),
  ];
}

/** The mail of an alert in both forms. */
export function alertMail(payload: Extract<WebhookPayload, { type: AlertMessageType }>): {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
} {
  const { data } = payload;
  const facts = lines(data);
  const subject = headline(payload);
  const runs = [...(data.recoveredBy === null ? [] : [data.recoveredBy]), ...data.runs];
  const why = `You get this mail because of the notify rules of the pipeline or its environment, or as an owner of ${data.organization.name}.`;
  const width = Math.max(...facts.map(([word]) => word.length)) + 2;
  return {
    subject: `[Millrace] ${subject}`,
    text: [
      `${subject}.`,
      '',
      ...facts.map(([word, value]) => `${`${word}:`.padEnd(width)}${value}`),
      '',
      `Alert: ${data.alert.url}`,
      ...runs.map(({ url }) => `Run:   ${url}`),
      '',
      why,
      '',
    ].join('\n'),
    html: [
      '<!doctype html><html><body style="font-family: sans-serif; color: #1a1a1a; max-width: 42rem">',
      `<h2 style="font-size: 1.1rem">${html(subject)}</h2>`,
      '<table cellpadding="4" style="border-collapse: collapse">',
      ...facts.map(
        ([word, value]) =>
          `<tr><td style="color: #666; vertical-align: top">${html(word)}</td><td>${html(value)}</td></tr>`,
      ),
      '</table>',
      `<p><a href="${html(data.alert.url)}">The alert in the console</a></p>`,
      '<p>Runs:',
      ...runs.map(({ id, url }) => ` <a href="${html(url)}">${html(id)}</a>`),
      '</p>',
      `<p style="color: #666">${html(why)}</p>`,
      '</body></html>',
    ].join('\n'),
  };
}

/** The mail that tells the owners of a webhook that was switched off. */
export function disabledMail(facts: {
  readonly organization: string;
  readonly environment: string;
  readonly webhook: string;
  readonly reason: string;
  readonly consoleUrl: string;
}): { readonly subject: string; readonly text: string } {
  return {
    subject: `[Millrace] The webhook "${facts.webhook}" (${facts.environment}) was switched off`,
    text: [
      `The webhook "${facts.webhook}" of the environment ${facts.environment} of ${facts.organization} was switched off: ${facts.reason}.`,
      '',
      'Nothing is sent to it until somebody switches it on again. Deliveries that failed can be replayed then.',
      '',
      `${facts.consoleUrl}/alerts?environment=${encodeURIComponent(facts.environment)}`,
      '',
    ].join('\n'),
  };
}

/** A message as Slack's incoming webhooks take it: blocks, and a text for where blocks are not shown. */
export function slackMessage(payload: WebhookPayload): Record<string, unknown> {
  const text = headline(payload);
  if (payload.type === 'webhook.test') return { text: slack(text), blocks: [section(slack(`*${text}*`))] };
  const { data } = payload;
  const sign = payload.type === 'alert.recovered' ? ':large_green_circle:' : ':red_circle:';
  const fields = lines(data).filter(([word]) => !['Organization', 'Message', 'At'].includes(word));
  const { message, frame } = data.cause;
  return {
    text: slack(text),
    blocks: [
      section(`${sign} *<${data.alert.url}|${slack(text)}>*`),
      { type: 'section', fields: fields.slice(0, 10).map(([word, value]) => mrkdwn(`*${word}*\n${slack(value)}`)) },
      ...(message === null || message === ''
        ? []
        : [section(`\`\`\`${slack(message.replaceAll('`', "'"))}${frame === null ? '' : `\n${slack(frame)}`}\`\`\``)]),
      { type: 'context', elements: [mrkdwn(data.runs.map(({ id, url }) => `<${url}|${id}>`).join('  ') || '–')] },
    ],
  };
}

function section(text: string): Record<string, unknown> {
  return { type: 'section', text: mrkdwn(text) };
}

function mrkdwn(text: string): Record<string, string> {
  return { type: 'mrkdwn', text: text.slice(0, 2_900) };
}

function slack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
