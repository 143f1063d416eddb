import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { complaintOf } from '../api/problems.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import './toast.css';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly facts?: string;
}

export interface Toasts {
  readonly done: (text: string) => void;
  /** Shown longer, with code and request id. */
  readonly failed: (error: unknown) => void;
}

const ToastContext = createContext<Toasts>({ done: () => undefined, failed: () => undefined });

export function useToasts(): Toasts {
  return useContext(ToastContext);
}

/** Short notes at the foot of the page, read out by screen readers. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (toast: Omit<Toast, 'id'>, ms: number) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-3), { ...toast, id }]);
      setTimeout(() => remove(id), ms);
    },
    [remove],
  );
  const value = useMemo<Toasts>(
    () => ({
      done: (text) => show({ tone: 'good', text }, 4000),
      failed: (error) => {
        const { title, detail, code, requestId } = complaintOf(error);
        const facts = [code, requestId].filter((fact) => fact !== undefined).join(' · ');
        show({ tone: 'bad', text: `${title}. ${detail}`, ...(facts === '' ? {} : { facts }) }, 10_000);
      },
    }),
    [show],
  );
  return (
    <ToastContext value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast--${toast.tone}`}>
            <Icon name={toast.tone === 'good' ? 'check' : 'warning'} />
            <div className="toast__text">
              {toast.text}
              {toast.facts !== undefined && <code className="toast__facts">{toast.facts}</code>}
            </div>
            <Button variant="quiet" size="small" icon="cross" label="Dismiss" onClick={() => remove(toast.id)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
