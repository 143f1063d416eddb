import type { ReactNode } from 'react';
import { complaintOf } from '../api/problems.js';
import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { Icon, type IconName } from './icon.js';
import './states.css';

/** Nothing is there yet: what it would be, and the way to the first one. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty__icon">
        <Icon name={icon} size={20} />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <div className="empty__text">{children}</div>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}

/** A call failed: what the server says, its code, and the id to ask somebody about. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, detail, code, requestId } = complaintOf(error);
  return (
    <div className="complaint" role="alert">
      <Icon name="warning" />
      <div className="complaint__text">
        <strong>{title}</strong>
        <p>{detail}</p>
        {code !== undefined && (
          <p className="complaint__facts">
            <code>{code}</code>
            {requestId !== undefined && (
              <>
                <span>
                  request <code>{requestId}</code>
                </span>
                <CopyButton text={requestId} label="Copy the request id" />
              </>
            )}
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="small" icon="retry" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A sentence that stands out, not an error of a call. */
export function Notice({
  tone = 'info',
  children,
}: {
  readonly tone?: 'info' | 'warn' | 'good';
  readonly children: ReactNode;
}) {
  return (
    <div className={`notice notice--${tone}`}>
      <Icon name={tone === 'good' ? 'check' : tone === 'warn' ? 'warning' : 'info'} />
      <div>{children}</div>
    </div>
  );
}

/** Grey lines where something is being read; they come only when it takes a moment. */
export function Skeleton({ lines = 3, height }: { readonly lines?: number; readonly height?: 'row' | 'block' }) {
  return (
    <div className={`skeleton skeleton--${height ?? 'row'}`} role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton__line" aria-hidden="true" />
      ))}
    </div>
  );
}
