import { Suspense, useCallback, useState } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { session } from '../api/client.js';
import { useEnvironments, useMe } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { ErrorState, Skeleton } from '../ui/states.js';
import { inEnvironment, useEnvironment } from './environment.js';
import { KeyboardHelp } from './help.js';
import { Palette } from './palette.js';
import { addressOf, places, type Place } from './places.js';
import './shell.css';
import { useShortcuts } from './shortcuts.js';
import { setTheme, type Theme, useTheme } from './theme.js';
import { VerifyBanner } from './verify-banner.js';

function PlaceLink({ place, environment }: { readonly place: Place; readonly environment: string }) {
  return (
    <li>
      <NavLink to={addressOf(place, environment)} className="sidebar__link">
        <Icon name={place.icon} />
        {place.name}
      </NavLink>
    </li>
  );
}

function EnvironmentSwitcher({ environment }: { readonly environment: string }) {
  const { data } = useEnvironments();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const shown = data?.find((each) => each.slug === environment);
  // The same kind of page in the other environment; a single thing of this one need not exist there.
  const part = /^\/e\/[^/]+\/([^/]+)/.exec(pathname)?.[1] ?? 'pipelines';
  return (
    <Menu
      label="Environment"
      button={
        <>
          <span className="environment-dot" data-environment={environment} aria-hidden="true" />
          <span className="truncate grow">{shown?.name ?? environment}</span>
          <Icon name="chevrons" size={14} />
        </>
      }
      groups={[
        {
          title: 'Environment',
          items: (data ?? []).map((each) => ({
            name: each.name,
            chosen: each.slug === environment,
            onChoose: () => void navigate(inEnvironment(each.slug, part)),
          })),
        },
        { items: [{ name: 'Manage environments', icon: 'settings', onChoose: () => void navigate('/settings') }] },
      ]}
    />
  );
}

const themes: readonly { readonly theme: Theme; readonly name: string; readonly icon: 'screen' | 'sun' | 'moon' }[] = [
  { theme: 'system', name: 'As the system', icon: 'screen' },
  { theme: 'light', name: 'Light', icon: 'sun' },
  { theme: 'dark', name: 'Dark', icon: 'moon' },
];

function UserMenu({ onHelp }: { readonly onHelp: () => void }) {
  const { data } = useMe();
  const theme = useTheme();
  const navigate = useNavigate();
  const name = data?.person?.name ?? 'Account';
  return (
    <Menu
      label="Account"
      placement="above"
      button={
        <>
          <span className="avatar" aria-hidden="true">
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="sidebar__person">
            <span className="truncate">{name}</span>
            <span className="truncate faint">{data?.role ?? ''}</span>
          </span>
          <Icon name="chevrons" size={14} />
        </>
      }
      groups={[
        {
          title: 'Theme',
          items: themes.map((each) => ({
            name: each.name,
            icon: each.icon,
            chosen: each.theme === theme,
            onChoose: () => setTheme(each.theme),
          })),
        },
        {
          items: [
            { name: 'Keyboard', icon: 'info', onChoose: onHelp },
            { name: 'Mailbox', icon: 'alerts', onChoose: () => void navigate('/mailbox') },
            { name: 'API documentation', icon: 'external', onChoose: () => window.open('/docs', '_blank', 'noopener') },
            { name: 'Log out', icon: 'logout', onChoose: () => void session.leave() },
          ],
        },
      ]}
    />
  );
}

/** Everything around a page: sidebar, switchers, palette, keys. */
export function Shell() {
  const me = useMe();
  const environment = useEnvironment();
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<'palette' | 'help' | undefined>();
  const { pathname } = useLocation();
  // Where the window is small, the sidebar is out at one page only: choosing another puts it away.
  const [sidebarAt, setSidebarAt] = useState<string>();
  const openPalette = useCallback(() => setOverlay('palette'), []);
  const openHelp = useCallback(() => setOverlay('help'), []);
  const close = useCallback(() => setOverlay(undefined), []);
  const go = useCallback(
    (key: string): boolean => {
      const place = places.find((each) => each.key === key);
      if (place !== undefined) void navigate(addressOf(place, environment));
      return place !== undefined;
    },
    [navigate, environment],
  );
  useShortcuts({ openPalette, openHelp, go });
  const isOut = sidebarAt === pathname;
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <div className="topbar">
        <Button
          variant="quiet"
          icon="menu"
          label="Menu"
          aria-expanded={isOut}
          onClick={() => setSidebarAt(isOut ? undefined : pathname)}
        />
        <span className="truncate grow">{me.data?.organization.name}</span>
        <Button variant="quiet" icon="search" label="Search" onClick={openPalette} />
      </div>
      <aside className={isOut ? 'sidebar sidebar--out' : 'sidebar'} aria-label="Sidebar">
        <div className="sidebar__organization">
          <img src="/icon.svg" alt="" width="20" height="20" />
          <span className="truncate">{me.data?.organization.name ?? 'Millrace'}</span>
        </div>
        <button type="button" className="sidebar__search" onClick={openPalette}>
          <Icon name="search" size={14} />
          <span className="grow">Search</span>
          <kbd>/</kbd>
        </button>
        <EnvironmentSwitcher environment={environment} />
        <nav aria-label="Main" className="sidebar__nav">
          <ul>
            {places
              .filter((place) => place.ofEnvironment)
              .map((place) => (
                <PlaceLink key={place.path} place={place} environment={environment} />
              ))}
          </ul>
          <h2 className="sidebar__group" id="sidebar-organization">
            Organization
          </h2>
          <ul aria-labelledby="sidebar-organization">
            {places
              .filter((place) => !place.ofEnvironment)
              .map((place) => (
                <PlaceLink key={place.path} place={place} environment={environment} />
              ))}
          </ul>
        </nav>
        <UserMenu onHelp={openHelp} />
      </aside>
      <main id="content" className="content" tabIndex={-1}>
        <VerifyBanner />
        {me.error !== null && me.data === undefined ? (
          <div className="page">
            <ErrorState error={me.error} onRetry={() => void me.refetch()} />
          </div>
        ) : (
          <Suspense
            fallback={
              <div className="page">
                <Skeleton lines={6} />
              </div>
            }
          >
            <Outlet />
          </Suspense>
        )}
      </main>
      {overlay === 'palette' && <Palette onClose={close} />}
      {overlay === 'help' && <KeyboardHelp onClose={close} />}
    </div>
  );
}
