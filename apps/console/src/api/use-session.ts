import { useSyncExternalStore } from 'react';
import { session } from './client.js';
import type { SessionState } from './session.js';

export function useSessionState(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}
