/**
 * The part of a statement that ends runs which owes somebody a look at the end: of a run that failed, and of one that
 * succeeded while its pipeline has an open alert, or is about to have one. All other ends cost two look-ups in indexes.
 * `ended` is the part that gives `id`, `pipeline_id` and `state` of what ended; `$1` is the tenant.
 */
export function endDebt(ended: string): string {
  return `debt as (
    insert into outbox (tenant_id, kind, subject, payload)
    select $1, 'run_ended', e.pipeline_id, jsonb_build_object('runId', e.id) from ${ended} e
    where e.state = 'failed' or (e.state = 'succeeded' and (
      exists (select from alerts a where a.tenant_id = $1 and a.pipeline_id = e.pipeline_id and a.state = 'open')
      or exists (select from outbox o where o.tenant_id = $1 and o.subject = e.pipeline_id and o.kind = 'run_ended')))
    returning subject)`;
}
