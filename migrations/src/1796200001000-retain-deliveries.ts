import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that have ended are kept as long as the plan of their organization says, and then deleted. */
export class RetainDeliveries1796200001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table delivery_attempts drop constraint delivery_attempts_tenant_id_delivery_id_fkey;
      alter table delivery_attempts add constraint delivery_attempts_tenant_id_delivery_id_fkey
        foreign key (tenant_id, delivery_id) references deliveries (tenant_id, id) on delete cascade;
      create index deliveries_ended on deliveries (ended_at) where ended_at is not null;
      grant select (ended_at), delete on deliveries to millrace_control;
      create policy control_delete on deliveries for delete to millrace_control using (state <> 'pending');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
