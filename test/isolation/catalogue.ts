import { asSuper } from '@millrace/testing';

/** What the catalogue of a database says about who may read whose rows. */
export interface Inspection {
  /** One sentence for each breach of a rule; empty when all rules hold. */
  readonly breaches: readonly string[];
  /** Everything that `millrace_control` may do across tenants, a line for each table and right. */
  readonly controlRights: readonly string[];
}

/** Tables without a tenant of their own, and tables that `millrace_app` must not see at all. */
const withoutTenant = {
  // Its own id is the tenant.
  organizations: 'id',
  users: 'people belong to several organizations; members are seen through the policy fellow_members',
  sessions: 'belong to people; looked up by the hash of a token',
  account_tokens: 'belong to people; looked up by the hash of a token',
  rate_limits: 'counters by address and credential',
  mailbox_messages: 'belong to an address; shown to the person with that address',
  schema_migrations: 'names of migrations',
} as const;

const appRole = 'millrace_app';
const controlRole = 'millrace_control';

interface TableRow {
  readonly name: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly columns: readonly string[];
  /** First columns of the indexes. */
  readonly leading: readonly string[];
}

interface PolicyRow {
  readonly table: string;
  readonly name: string;
  readonly command: string;
  readonly roles: readonly string[];
  readonly permissive: string;
  readonly using: string | null;
  readonly check: string | null;
}

interface GrantRow {
  readonly grantee: string;
  readonly table: string;
  readonly right: string;
  readonly columns: readonly string[] | null;
}

const tablesQuery = `
  select c.relname as name, pg_get_userbyid(c.relowner) as owner, c.relrowsecurity as enabled,
    c.relforcerowsecurity as forced,
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
    array(select a.attname::text from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
          where i.indrelid = c.oid and i.indpred is null) as leading
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;

const policiesQuery = `
  select tablename as table, policyname as name, cmd as command, roles::text[] as roles, permissive, qual as using,
    with_check as check
  from pg_policies where schemaname = 'public' order by 1, 2`;

// From the access lists themselves: the views of information_schema take seconds for the same answer.
const grantsQuery = `
  with granted as (
    select c.relname as table, null::text as column, acl.grantee, lower(acl.privilege_type) as right
      from pg_class c, aclexplode(c.relacl) acl
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
    union all
    select c.relname, a.attname, acl.grantee, lower(acl.privilege_type)
      from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) acl
     where c.relnamespace = 'public'::regnamespace)
  select case when grantee = 0 then 'PUBLIC' else pg_get_userbyid(grantee)::text end as grantee, "table", "right",
    case when bool_or("column" is null) then null else array_agg("column" order by "column") end as columns
  from granted
  where grantee = 0 or pg_get_userbyid(grantee) in ('${appRole}', '${controlRole}')
  group by 1, 2, 3 order by 1, 2, 3`;

const tenantTerm = /current_setting\('app\.tenant_id'/;

function needsTenantPolicy(table: TableRow): boolean {
  if (table.name === 'organizations') return true;
  return table.columns.includes('tenant_id') && !Object.hasOwn(withoutTenant, table.name);
}

function tableBreaches(table: TableRow, policies: readonly PolicyRow[]): string[] {
  const breaches: string[] = [];
  const say = (text: string): void => void breaches.push(`table ${table.name} ${text}`);
  if (table.owner === appRole || table.owner === controlRole) say(`is owned by ${table.owner}`);
  if (!table.columns.includes('tenant_id') && !Object.hasOwn(withoutTenant, table.name)) {
    say('has no tenant_id and is not on the list of tables without a tenant');
  }
  if (table.name === 'schema_migrations') return breaches;
  if (!table.enabled) say('has no row-level security');
  if (!table.forced) say('does not force row-level security on its owner');
  const own = policies.filter((policy) => policy.table === table.name);
  const forApp = own.filter((policy) => policy.roles.includes(appRole) || policy.roles.includes('public'));
  for (const policy of forApp) {
    if (!tenantTerm.test(policy.using ?? '') && policy.command !== 'INSERT') {
      say(`has the policy ${policy.name} for ${appRole} that does not look at the tenant`);
    }
    if (policy.command !== 'SELECT' && policy.command !== 'DELETE' && !tenantTerm.test(policy.check ?? '')) {
      say(`has the policy ${policy.name} for ${appRole} without a WITH CHECK on the tenant`);
    }
  }
  if (!needsTenantPolicy(table)) return breaches;
  const whole = forApp.some((policy) => policy.command === 'ALL' && policy.check !== null && policy.using !== null);
  if (!whole) say(`has no policy for ${appRole} with USING and WITH CHECK`);
  const column = table.name === 'organizations' ? 'id' : 'tenant_id';
  if (!table.leading.includes(column)) say(`has no index that ${column} leads`);
  return breaches;
}

async function codeBreaches(url: string): Promise<string[]> {
  const views = await asSuper<{ name: string; kind: string; options: string[] | null }>(
    url,
    `select relname as name, relkind::text as kind, reloptions as options from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`,
  );
  const functions = await asSuper<{ name: string }>(
    url,
    `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
  );
  return [
    ...views
      .filter(
        ({ kind, options }) => kind === 'v' && !(options ?? []).some((o) => /^security_invoker=(true|on|1)$/.test(o)),
      )
      .map(({ name }) => `view ${name} is without security_invoker: it shows every tenant's rows`),
    ...views
      .filter(({ kind }) => kind === 'm')
      .map(({ name }) => `materialised view ${name}: row-level security does not reach it`),
    ...functions.map(({ name }) => `function ${name} is SECURITY DEFINER`),
  ];
}

async function roleBreaches(url: string): Promise<string[]> {
  const roles = await asSuper<{ name: string; mighty: boolean; member: boolean }>(
    url,
    `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty,
        exists (select from pg_auth_members where member = r.oid) as member
       from pg_roles r where rolname in ('${appRole}', '${controlRole}', 'millrace_owner')`,
  );
  return [
    ...roles.filter(({ mighty }) => mighty).map(({ name }) => `role ${name} has an attribute that passes by the rules`),
    ...roles.filter(({ member }) => member).map(({ name }) => `role ${name} is a member of another role`),
    ...(roles.length === 3 ? [] : ['one of the three roles is missing']),
  ];
}

/** Reads the catalogue as a superuser and checks the rules of tenant isolation. */
export async function inspect(superuserUrl: string): Promise<Inspection> {
  const tables = await asSuper<TableRow>(superuserUrl, tablesQuery);
  const policies = await asSuper<PolicyRow>(superuserUrl, policiesQuery);
  const grants = await asSuper<GrantRow>(superuserUrl, grantsQuery);
  const toPublic = grants.filter(({ grantee }) => grantee === 'PUBLIC');
  return {
    breaches: [
      ...(await roleBreaches(superuserUrl)),
      ...tables.flatMap((table) => tableBreaches(table, policies)),
      ...(await codeBreaches(superuserUrl)),
      ...toPublic.map(({ table, right }) => `table ${table} grants ${right} to everybody`),
    ],
    controlRights: grants
      .filter(({ grantee }) => grantee === controlRole)
      .map(({ table, right, columns }) => `${table}: ${right}${columns === null ? '' : ` (${columns.join(', ')})`}`),
  };
}
