import { NavLink } from 'react-router';
import './tabs.css';

/** Parts of one thing, each at an address of its own. */
export function Tabs({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly to: string; readonly name: string; readonly end?: boolean }[];
}) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, name, end }) => (
        <NavLink key={to} to={to} end={end ?? false} className="tabs__tab">
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
