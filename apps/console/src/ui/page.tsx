import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import './page.css';

export interface PageProps {
  readonly title: string;
  /** Beside the title: a state, say. */
  readonly mark?: ReactNode;
  readonly lead?: ReactNode;
  /** Where this page is found. */
  readonly above?: readonly { readonly to: string; readonly name: string }[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Lets the content take the whole width. */
  readonly wide?: boolean;
}

/** A page of the console: its title, the way up, its actions, its content. */
export function Page({ title, mark, lead, above = [], actions, children, wide = false }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  return (
    <div className={wide ? 'page page--wide' : 'page'}>
      <header className="page__head">
        <div className="page__titles">
          {above.length > 0 && (
            <nav aria-label="Breadcrumb" className="page__above">
              <ol className="row">
                {above.map(({ to, name }) => (
                  <li key={to}>
                    <Link to={to}>{name}</Link>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <div className="row row--wrap">
            <h1>{title}</h1>
            {mark}
          </div>
          {lead !== undefined && <div className="page__lead">{lead}</div>}
        </div>
        {actions !== undefined && <div className="page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="section" aria-label={title}>
      <header className="section__head">
        <div>
          <h2>{title}</h2>
          {lead !== undefined && <p className="muted">{lead}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export function Card({ children }: { readonly children: ReactNode }) {
  return <div className="card">{children}</div>;
}

/** Names and values under each other. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="facts__fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
