import type { MigrationInterface, QueryRunner } from 'typeorm';
import { controlOnlyRowSecurity, tenantRowSecurity } from './row-security.js';

const tables = `
-- Who is told of what where the pipeline's version says nothing; null: the owners, of failures.
alter table environments add column notify jsonb;

alter table outbox drop constraint outbox_kind_check;
-- A row whose not_before lies ahead is a durable timer.
alter table outbox add constraint outbox_kind_check check (kind in ('start_run', 'cancel_run', 'runner_lost', 'build',
  'run_ended', 'deadline', 'alert_due', 'delivery', 'send_mail'));

-- One cause: what fails where, from the first time until the pipeline is well again.
create table alerts (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  pipeline_id text not null,
  event text not null check (event in ('failed', 'deadline_missed')),
  -- SHA-256 of what makes two failures the same one.
  fingerprint text not null,
  state text not null default 'open' check (state in ('open', 'recovered')),
  -- Null where no task is to blame.
  task_id text,
  error_class text not null,
  error_message text,
  top_frame text,
  -- Failed task instances (of a missed deadline: runs), and the runs that they were in.
  failures bigint not null default 0,
  runs bigint not null default 0,
  wasted_nano bigint not null default 0,
  -- The first runs, then the newest: enough to look at.
  run_ids text[] not null default '{}',
  -- The version of the newest failure: its rules say who is told.
  version_id text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  recovered_at timestamptz,
  recovered_by text,
  -- When the next message is due; null where there is nothing new to tell.
  due_at timestamptz,
  told_at timestamptz,
  -- Messages about it so far, and the count that the last one named.
  messages integer not null default 0,
  told_failures bigint not null default 0,
  primary key (tenant_id, id),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id),
  foreign key (tenant_id, pipeline_id) references pipelines (tenant_id, id)
);
create unique index alerts_open on alerts (tenant_id, pipeline_id, event, fingerprint) where state = 'open';
create index alerts_by_environment on alerts (tenant_id, environment_id, id desc);
create index alerts_by_pipeline on alerts (tenant_id, pipeline_id, id desc);

-- What was counted: a run counts once for a cause, however often its end is told.
create table alert_occurrences (
  tenant_id text not null,
  run_id text not null,
  event text not null,
  fingerprint text not null,
  alert_id text not null,
  failures integer not null,
  wasted_nano bigint not null,
  at timestamptz not null,
  primary key (tenant_id, run_id, event, fingerprint),
  foreign key (tenant_id, alert_id) references alerts (tenant_id, id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
create index alert_occurrences_by_alert on alert_occurrences (tenant_id, alert_id);

create table webhooks (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  name text not null,
  url text not null,
  format text not null check (format in ('standard', 'slack')),
  -- Sealed under a key that is not in the database.
  secret text not null,
  -- The secret before the last rotation, good until then.
  previous_secret text,
  previous_until timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  -- Since when every attempt failed; null while it works.
  failing_since timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

-- One message to one target; the payload is frozen, so that every attempt sends the same bytes.
create table deliveries (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  -- The same for all targets of a message and for every repeat of it.
  message_id text not null,
  type text not null,
  alert_id text,
  channel text not null check (channel in ('email', 'webhook')),
  -- The address, or the name of the webhook.
  target text not null,
  webhook_id text,
  -- JSON text: what is sent to a webhook, or {subject, text, html}.
  payload text not null,
  state text not null default 'pending' check (state in ('pending', 'succeeded', 'failed')),
  reason text,
  attempts integer not null default 0,
  replay_of text,
  created_by text not null default 'system',
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id),
  foreign key (tenant_id, alert_id) references alerts (tenant_id, id),
  foreign key (tenant_id, webhook_id) references webhooks (tenant_id, id) on delete set null (webhook_id)
);
-- A message goes to a target once, whatever is repeated.
create unique index deliveries_once on deliveries (tenant_id, message_id, channel, target) where replay_of is null;
-- Few are under way at a time; what Temporal may have lost is looked for among them.
create index deliveries_pending on deliveries (tenant_id, created_at) where state = 'pending';
create index deliveries_by_environment on deliveries (tenant_id, environment_id, id desc);
create index deliveries_by_webhook on deliveries (tenant_id, webhook_id, id desc);
create index deliveries_by_alert on deliveries (tenant_id, alert_id, id desc);

create table delivery_attempts (
  tenant_id text not null,
  delivery_id text not null,
  number integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  ok boolean not null,
  -- Of the HTTP answer; null where there was none.
  status integer,
  error text,
  -- The first KiB of the answer.
  response text,
  primary key (tenant_id, delivery_id, number),
  foreign key (tenant_id, delivery_id) references deliveries (tenant_id, id)
);

-- Mail that a platform under development would have sent. It belongs to an address, not to an organization.
create table mailbox_messages (
  id text primary key,
  -- A mail that is sent again is the same one.
  message_id text not null unique,
  to_address text not null,
  subject text not null,
  body_text text not null,
  body_html text,
  at timestamptz not null default now()
);
create index mailbox_messages_by_address on mailbox_messages (lower(to_address), id desc);
`;

/** Alerts with what they count, webhooks, deliveries with their attempts, the mailbox of a development platform. */
export class CreateAlerts1796100001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const statement of [
      tenantRowSecurity({ table: 'alerts', app: ['select', 'insert', 'update'] }),
      tenantRowSecurity({ table: 'alert_occurrences', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'webhooks', app: ['select', 'insert', 'update', 'delete'] }),
      tenantRowSecurity({
        table: 'deliveries',
        app: ['select', 'insert', 'update'],
        control: { select: ['tenant_id', 'id', 'state', 'created_at'] },
      }),
      tenantRowSecurity({ table: 'delivery_attempts', app: ['select', 'insert'] }),
      controlOnlyRowSecurity('mailbox_messages', { select: '*', insert: true, delete: true }),
    ]) {
      await runner.query(statement);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
