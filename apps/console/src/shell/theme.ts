import { useSyncExternalStore } from 'react';

/** `system` follows the setting of the device. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'millrace.theme';
const listeners = new Set<() => void>();

function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

const media = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}

/** Whether the page is dark now; drawings on a canvas have to know. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => {
    const theme = currentTheme();
    return theme === 'system' ? media.matches : theme === 'dark';
  });
}
