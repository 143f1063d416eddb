import { useEffect, useSyncExternalStore } from 'react';
import { useParams } from 'react-router';

const key = 'millrace.environment';
const fallback = 'production';
const listeners = new Set<() => void>();
let remembered = read();

function read(): string {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(slug: string): void {
  if (slug === remembered) return;
  remembered = slug;
  try {
    localStorage.setItem(key, slug);
  } catch {
    // Forbidden storage: it lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Goes back to `production`: another organization need not have an environment of this name. */
export function forgetEnvironment(): void {
  remember(fallback);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Slug of the environment of this page: that of the address, else the one looked at last. */
export function useEnvironment(): string {
  const { environment } = useParams();
  const last = useSyncExternalStore(subscribe, () => remembered);
  useEffect(() => {
    if (environment !== undefined) remember(environment);
  }, [environment]);
  return environment ?? last;
}

/** Address of a page of an environment, such as `/e/production/pipelines/hello`. */
export function inEnvironment(environment: string, ...parts: readonly string[]): string {
  return ['/e', environment, ...parts].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/');
}
