import type { IdName } from './organizations.js';

/** What the isolation matrix needs to know of one operation, beyond what the OpenAPI document says. */
export interface Row {
  /** Path parameters that name things of an organization, by the field of its ids. */
  readonly path?: Readonly<Record<string, IdName>>;
  /** Further parameters of the query that name such things. */
  readonly query?: Readonly<Record<string, IdName>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /**
   * What the organization itself gets for its own ids, which shows that the row tests something; 200 where absent.
   * `skip` for what would change what the other rows need.
   */
  readonly own?: number | 'skip';
  /** What another organization gets for these ids; 404 where there are ids, 200 where there are none. */
  readonly foreign?: number;
}

const byRun = { path: { run: 'run' } } as const;
const byTask = { path: { run: 'run', task: 'task' } } as const;
const byPipeline = { path: { pipeline: 'pipeline' } } as const;
const byWebhook = { path: { webhook: 'webhook' } } as const;
const byDelivery = { path: { delivery: 'delivery' } } as const;
const named = { path: { name: 'name' } } as const;

/** A row for every operation, by `operationId`. */
export const matrix: Readonly<Record<string, Row>> = {
  getHealth: {},
  getReadiness: {},
  getPipelineSchema: {},
  signUp: { body: {}, foreign: 422 },
  logIn: { body: {}, foreign: 422 },
  refreshSession: { body: {}, foreign: 401 },
  acceptInvitation: { body: {}, foreign: 422 },
  verifyEmail: { body: {}, foreign: 422 },
  forgotPassword: { body: {}, foreign: 422 },
  resetPassword: { body: {}, foreign: 422 },
  // Verified already, and a password that is none: the account is the caller's own, whoever it is.
  resendVerification: { own: 'skip', foreign: 409 },
  changePassword: {
    body: { currentPassword: 'not the password', newPassword: 'another password' },
    own: 'skip',
    foreign: 403,
  },

  getMe: {},
  logOut: { own: 'skip' },
  getOrganization: {},
  patchOrganization: { body: { name: 'other' }, own: 'skip' },
  getLimits: {},
  listAuditEvents: {},

  listEnvironments: {},
  createEnvironment: { body: { slug: 'another-one' }, own: 'skip', foreign: 201 },
  getEnvironment: { path: { environment: 'environment' } },
  deleteEnvironment: { path: { environment: 'environment' }, own: 'skip' },
  patchEnvironment: { path: { environment: 'environment' }, body: { name: 'other' }, own: 'skip' },

  listMembers: {},
  getMember: { path: { user: 'user' } },
  patchMember: { path: { user: 'user' }, body: { role: 'admin' }, own: 'skip' },
  removeMember: { path: { user: 'user' }, own: 'skip' },
  listInvitations: {},
  createInvitation: { body: { email: 'new@a.example', role: 'viewer' }, own: 'skip', foreign: 201 },
  revokeInvitation: { path: { invitation: 'invitation' }, own: 'skip' },

  listApiKeys: {},
  createApiKey: { body: { name: 'x', scopes: ['read'] }, own: 'skip', foreign: 201 },
  getApiKey: { path: { apiKey: 'apiKey' } },
  rotateApiKey: { path: { apiKey: 'apiKey' }, own: 'skip' },
  revokeApiKey: { path: { apiKey: 'apiKey' }, own: 'skip' },

  listSecrets: {},
  getSecret: named,
  putSecret: { path: {}, body: { value: 'x' }, own: 'skip' },
  deleteSecret: { ...named, own: 'skip' },
  listConnections: {},
  getConnection: named,
  putConnection: { path: {}, body: { type: 'http', host: 'a.example', port: 443 }, own: 'skip' },
  deleteConnection: { ...named, own: 'skip' },
  listVariables: {},
  putVariable: { path: {}, body: { value: 'x' }, own: 'skip' },
  getVariable: named,
  deleteVariable: { ...named, own: 'skip' },

  listAlerts: {},
  getAlert: { path: { alert: 'alert' } },
  listWebhooks: {},
  createWebhook: { body: { name: 'another', url: 'https://a.example/' }, own: 'skip', foreign: 201 },
  getWebhook: byWebhook,
  patchWebhook: { ...byWebhook, body: { enabled: false }, own: 'skip' },
  deleteWebhook: { ...byWebhook, own: 'skip' },
  rotateWebhookSecret: { ...byWebhook, body: {}, own: 'skip' },
  testWebhook: { ...byWebhook, own: 'skip' },
  listWebhookDeliveries: byWebhook,
  listDeliveries: {},
  getDelivery: byDelivery,
  replayDelivery: { ...byDelivery, own: 'skip' },
  listMailbox: {},
  getMailboxMessage: { path: { message: 'message' } },

  listPools: {},
  createPool: { body: { name: 'another' }, own: 'skip', foreign: 201 },
  getPool: { path: { pool: 'pool' } },
  patchPool: { path: { pool: 'pool' }, body: { maxRunners: 3 }, own: 'skip' },
  deletePool: { path: { pool: 'pool' }, own: 'skip' },
  listRunners: { path: { pool: 'pool' } },
  getPoolLatency: { path: { pool: 'pool' } },

  createDeployment: { body: {}, own: 'skip', foreign: 422 },
  validateBundle: { body: {}, own: 'skip', foreign: 422 },
  listDeployments: {},
  getDeployment: { path: { deployment: 'deployment' } },
  getDeploymentLog: { path: { deployment: 'deployment' } },
  diffDeployments: { query: { from: 'deployment', to: 'version' }, foreign: 404 },
  promoteDeployment: {
    path: { deployment: 'deployment' },
    body: { environment: 'production' },
    own: 'skip',
  },
  rollbackDeployment: { path: { deployment: 'deployment' }, own: 'skip' },

  listPipelines: {},
  getPipeline: byPipeline,
  listVersions: byPipeline,
  getVersion: { path: { pipeline: 'pipeline', version: 'version' } },
  activateVersion: { ...byPipeline, body: { version: 1 }, own: 'skip' },
  rollbackPipeline: { ...byPipeline, own: 'skip' },
  pausePipeline: { ...byPipeline, own: 'skip' },
  unpausePipeline: { ...byPipeline, own: 'skip' },

  startPipelineRun: { ...byPipeline, body: {}, own: 'skip' },
  startRun: { body: { pipeline: 'none' }, own: 'skip', foreign: 404 },
  listRuns: {},
  getRun: byRun,
  getRunParams: byRun,
  cancelRun: { ...byRun, body: {}, own: 'skip' },
  listTasks: byRun,
  listAttempts: byRun,
  getTimeline: byRun,
  listOutputs: byRun,
  getTaskOutput: byTask,
  listRunEvents: byRun,
  getRunLog: byRun,
  getTaskLog: byTask,
  streamTaskLog: byTask,
  listArtifacts: byRun,
  getArtifact: { path: { artifact: 'artifact' } },
  // The row is there, the object is not: 404 of another kind, so the owner's view shows nothing here.
  getArtifactContent: { path: { artifact: 'artifact' }, own: 'skip' },

  getRunCost: byRun,
  getUsage: {},
  listLedger: {},
};
