import { createBrowserRouter, Navigate, useLocation, useParams } from 'react-router';
import { useSessionState } from './api/use-session.js';
import { ForgottenPage } from './pages/account/forgotten-page.js';
import { LogInPage } from './pages/account/log-in-page.js';
import { ResetPage } from './pages/account/reset-page.js';
import { SignUpPage } from './pages/account/sign-up-page.js';
import { VerifyPage } from './pages/account/verify-page.js';
import { MailboxPage } from './pages/mailbox/mailbox-page.js';
import { BrokenPage, MissingPage } from './pages/missing-page.js';
import { AlertPage } from './pages/alerts/alert-page.js';
import { AlertCauses, AlertsPage } from './pages/alerts/alerts-page.js';
import { DeliveriesTab } from './pages/alerts/deliveries-tab.js';
import { RulesTab } from './pages/alerts/rules-tab.js';
import { WebhooksTab } from './pages/alerts/webhooks-tab.js';
import { AuditPage } from './pages/audit/audit-page.js';
import { InvitationPage } from './pages/account/invitation-page.js';
import { DeploymentPage } from './pages/deployments/deployment-page.js';
import { DeploymentsPage } from './pages/deployments/deployments-page.js';
import { KeysPage } from './pages/people/keys-page.js';
import { MembersPage } from './pages/people/members-page.js';
import { PipelineDefinition } from './pages/pipelines/pipeline-definition.js';
import { PipelinePage } from './pages/pipelines/pipeline-page.js';
import { PipelineRuns } from './pages/pipelines/pipeline-runs.js';
import { PipelineVersions } from './pages/pipelines/pipeline-versions.js';
import { PoolPage } from './pages/pools/pool-page.js';
import { PoolsPage } from './pages/pools/pools-page.js';
import { SettingsPage } from './pages/settings/settings-page.js';
import { UsagePage } from './pages/usage/usage-page.js';
import { ConnectionsPage } from './pages/values/connections-page.js';
import { SecretsPage } from './pages/values/secrets-page.js';
import { VariablesPage } from './pages/values/variables-page.js';
import { PipelinesPage } from './pages/pipelines/pipelines-page.js';
import { RunsPage } from './pages/runs/runs-page.js';
import { inEnvironment, useEnvironment } from './shell/environment.js';
import { Shell } from './shell/shell.js';

/** The console for who is logged in; everybody else is sent to the log-in and comes back. */
function Inside() {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  if (state === 'unknown') return null;
  if (state === 'in') return <Shell />;
  const next = `${pathname}${search}`;
  return <Navigate replace to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} />;
}

/** `/pipelines/hello` is in the environment looked at last. */
function ToEnvironment({ part }: { readonly part: string }) {
  const environment = useEnvironment();
  const { '*': rest = '' } = useParams();
  const { search } = useLocation();
  const asked = new URLSearchParams(search).get('environment') ?? environment;
  return <Navigate replace to={inEnvironment(asked, part) + (rest === '' ? '' : `/${rest}`)} />;
}

/** Pages of an environment that can be named without it. */
const environmentParts = ['pipelines', 'pools', 'connections', 'secrets', 'variables', 'alerts'];

export function makeRouter() {
  return createBrowserRouter([
    { path: '/login', Component: LogInPage },
    { path: '/signup', Component: SignUpPage },
    { path: '/forgotten', Component: ForgottenPage },
    { path: '/reset-password', Component: ResetPage },
    { path: '/verify-email', Component: VerifyPage },
    { path: '/invitation', Component: InvitationPage },
    {
      path: '/',
      Component: Inside,
      ErrorBoundary: BrokenPage,
      // Until the code of a run's page is there.
      HydrateFallback: () => null,
      children: [
        { index: true, element: <ToEnvironment part="pipelines" /> },
        ...environmentParts.map((part) => ({ path: `${part}/*`, element: <ToEnvironment part={part} /> })),
        { path: 'runs', element: <ToEnvironment part="runs" /> },
        { path: 'deployments', element: <ToEnvironment part="deployments" /> },
        {
          path: 'e/:environment',
          children: [
            { index: true, element: <Navigate replace to="pipelines" /> },
            { path: 'pipelines', Component: PipelinesPage },
            {
              path: 'pipelines/:pipeline',
              Component: PipelinePage,
              children: [
                { index: true, Component: PipelineRuns },
                { path: 'versions', Component: PipelineVersions },
                { path: 'definition', Component: PipelineDefinition },
              ],
            },
            { path: 'runs', Component: RunsPage },
            { path: 'deployments', Component: DeploymentsPage },
            { path: 'pools', Component: PoolsPage },
            { path: 'pools/:pool', Component: PoolPage },
            { path: 'connections', Component: ConnectionsPage },
            { path: 'secrets', Component: SecretsPage },
            { path: 'variables', Component: VariablesPage },
            {
              path: 'alerts',
              Component: AlertsPage,
              children: [
                { index: true, Component: AlertCauses },
                { path: 'rules', Component: RulesTab },
                { path: 'webhooks', Component: WebhooksTab },
                { path: 'deliveries', Component: DeliveriesTab },
              ],
            },
            { path: 'alerts/:alert', Component: AlertPage },
            { path: '*', Component: MissingPage },
          ],
        },
        {
          path: 'runs/:run/*',
          lazy: async () => ({ Component: (await import('./run/run-page.js')).RunPage }),
        },
        { path: 'deployments/:deployment', Component: DeploymentPage },
        { path: 'usage', Component: UsagePage },
        { path: 'members', Component: MembersPage },
        { path: 'api-keys', Component: KeysPage },
        { path: 'audit', Component: AuditPage },
        { path: 'settings', Component: SettingsPage },
        { path: 'mailbox', Component: MailboxPage },
        { path: '*', Component: MissingPage },
      ],
    },
  ]);
}
