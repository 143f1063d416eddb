import type { IconName } from '../ui/icon.js';
import { inEnvironment } from './environment.js';

export interface Place {
  readonly name: string;
  readonly icon: IconName;
  /** Second key after `g`. */
  readonly key?: string;
  /** Path inside an environment, or of the organization. */
  readonly path: string;
  readonly ofEnvironment: boolean;
}

/** Where the sidebar, the palette and the keys lead. */
export const places: readonly Place[] = [
  { name: 'Pipelines', icon: 'pipelines', key: 'p', path: 'pipelines', ofEnvironment: true },
  { name: 'Runs', icon: 'runs', key: 'r', path: 'runs', ofEnvironment: true },
  { name: 'Deployments', icon: 'deployments', key: 'd', path: 'deployments', ofEnvironment: true },
  { name: 'Pools', icon: 'pools', key: 'o', path: 'pools', ofEnvironment: true },
  { name: 'Connections', icon: 'connections', key: 'c', path: 'connections', ofEnvironment: true },
  { name: 'Secrets', icon: 'secrets', key: 's', path: 'secrets', ofEnvironment: true },
  { name: 'Variables', icon: 'variables', key: 'v', path: 'variables', ofEnvironment: true },
  { name: 'Alerts', icon: 'alerts', key: 'a', path: 'alerts', ofEnvironment: true },
  { name: 'Usage', icon: 'usage', key: 'u', path: '/usage', ofEnvironment: false },
  { name: 'Members', icon: 'members', key: 'm', path: '/members', ofEnvironment: false },
  { name: 'API keys', icon: 'keys', key: 'k', path: '/api-keys', ofEnvironment: false },
  { name: 'Audit log', icon: 'audit', key: 'l', path: '/audit', ofEnvironment: false },
  { name: 'Settings', icon: 'settings', key: 'e', path: '/settings', ofEnvironment: false },
];

export function addressOf(place: Place, environment: string): string {
  return place.ofEnvironment ? inEnvironment(environment, place.path) : place.path;
}
