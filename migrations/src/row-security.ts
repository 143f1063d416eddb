/** What `millrace_control` may do with a table beyond its tenant, and on which columns. */
export interface ControlAccess {
  /** Columns it may read; `*` for all. */
  readonly select?: '*' | readonly string[];
  readonly insert?: boolean;
  /** Columns it may change. */
  readonly update?: readonly string[];
  readonly delete?: boolean;
}

export interface TenantTable {
  readonly table: string;
  /** The column that holds the tenant; `id` in `organizations`. */
  readonly tenantColumn?: string;
  /** What `millrace_app` may do within one tenant. */
  readonly app: readonly ('select' | 'insert' | 'update' | 'delete')[];
  readonly control?: ControlAccess;
}

const tenant = `nullif(current_setting('app.tenant_id', true), '')`;

/**
 * The statements that put a tenant's table under forced row-level security: `millrace_app` sees the tenant of its
 * transaction and nothing without one; `millrace_control` has only what is listed. Neither owns the table.
 */
export function tenantRowSecurity({ table, tenantColumn = 'tenant_id', app, control }: TenantTable): string {
  const statements = [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy tenant on ${table} for all to millrace_app using (${tenantColumn} = ${tenant}) with check (${tenantColumn} = ${tenant})`,
    `grant ${app.join(', ')} on ${table} to millrace_app`,
    ...controlStatements(table, control),
  ];
  return `${statements.join(';\n')};`;
}

/** As above for a table without a tenant: `millrace_app` gets no policy, so it sees no row. */
export function controlOnlyRowSecurity(table: string, control: ControlAccess): string {
  const statements = [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    ...controlStatements(table, control),
  ];
  return `${statements.join(';\n')};`;
}

function controlStatements(table: string, control: ControlAccess | undefined): string[] {
  if (control === undefined) return [];
  const statements: string[] = [];
  if (control.select !== undefined) {
    const columns = control.select === '*' ? '' : ` (${control.select.join(', ')})`;
    statements.push(
      `grant select${columns} on ${table} to millrace_control`,
      `create policy control_select on ${table} for select to millrace_control using (true)`,
    );
  }
  if (control.insert === true) {
    statements.push(
      `grant insert on ${table} to millrace_control`,
      `create policy control_insert on ${table} for insert to millrace_control with check (true)`,
    );
  }
  if (control.update !== undefined) {
    statements.push(
      `grant update (${control.update.join(', ')}) on ${table} to millrace_control`,
      `create policy control_update on ${table} for update to millrace_control using (true) with check (true)`,
    );
  }
  if (control.delete === true) {
    statements.push(
      `grant delete on ${table} to millrace_control`,
      `create policy control_delete on ${table} for delete to millrace_control using (true)`,
    );
  }
  return statements;
}
