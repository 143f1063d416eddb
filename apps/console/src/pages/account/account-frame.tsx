import { type ReactNode, useEffect } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useSessionState } from '../../api/use-session.js';
import './account.css';

/** Where to go after a log-in: an address of this console only. */
export function useNext(): string {
  const [search] = useSearchParams();
  const next = search.get('next') ?? '/';
  return next.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}

/** A small page of its own before there is a session; who has one is led on. */
export function AccountFrame({
  title,
  lead,
  children,
  foot,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}) {
  const state = useSessionState();
  const next = useNext();
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  if (state === 'in') return <Navigate replace to={next} />;
  return (
    <main className="account">
      <div className="account__box">
        <header className="account__head">
          <img src="/icon.svg" alt="" width="36" height="36" />
          <h1>{title}</h1>
          {lead !== undefined && <p className="muted">{lead}</p>}
        </header>
        {children}
      </div>
      {foot !== undefined && <footer className="account__foot">{foot}</footer>}
    </main>
  );
}
