import { createBrowserRouter, Navigate, useLocation, useParams } from 'react-router';
import { useSessionState } from './api/use-session.js';
import { ForgottenPage } from './pages/account/forgotten-page.js';
import { LogInPage } from './pages/account/log-in-page.js';
import { SignUpPage } from './pages/account/sign-up-page.js';
import { BrokenPage, MissingPage } from './pages/missing-page.js';
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
    {
      path: '/',
      Component: Inside,
      ErrorBoundary: BrokenPage,
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
            { path: 'runs', Component: RunsPage },
          ],
        },
        {
          path: 'runs/:run/*',
          lazy: async () => ({ Component: (await import('./run/run-page.js')).RunPage }),
        },
        { path: '*', Component: MissingPage },
      ],
    },
  ]);
}
