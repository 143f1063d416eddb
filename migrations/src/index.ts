import type { MigrationInterface } from 'typeorm';
import { CreateTenancy1795500000000 } from './1795500000000-create-tenancy.js';
import { CreatePipelines1795500001000 } from './1795500001000-create-pipelines.js';
import { CreateRuns1795500002000 } from './1795500002000-create-runs.js';
import { CreateLedger1795500003000 } from './1795500003000-create-ledger.js';
import { AddSandboxModes1796100000000 } from './1796100000000-add-sandbox-modes.js';
import { CreateAlerts1796100001000 } from './1796100001000-create-alerts.js';
import { CompletePipelines1796100002000 } from './1796100002000-complete-pipelines.js';
import { CompleteAccounts1796100003000 } from './1796100003000-complete-accounts.js';
import { AddRestarts1796100004000 } from './1796100004000-add-restarts.js';
import { AddStretches1796200000000 } from './1796200000000-add-stretches.js';
import { RetainDeliveries1796200001000 } from './1796200001000-retain-deliveries.js';

/** Every migration, oldest first. Forward only: a release never edits one that has shipped. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  CreateTenancy1795500000000,
  CreatePipelines1795500001000,
  CreateRuns1795500002000,
  CreateLedger1795500003000,
  AddSandboxModes1796100000000,
  CreateAlerts1796100001000,
  CompletePipelines1796100002000,
  CompleteAccounts1796100003000,
  AddRestarts1796100004000,
  AddStretches1796200000000,
  RetainDeliveries1796200001000,
];
