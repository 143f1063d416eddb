import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'react-router';
import './button.css';
import { Icon, type IconName } from './icon.js';

interface Look {
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'medium';
  readonly icon?: IconName;
}

function classes({ variant = 'secondary', size = 'medium' }: Look, iconOnly: boolean): string {
  return `button button--${variant} button--${size}${iconOnly ? ' button--icon' : ''}`;
}

export interface ButtonProps extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  /** Its work is going on: it stays in place and takes no second click. */
  readonly busy?: boolean;
  /** For a button that shows an icon alone. */
  readonly label?: string;
}

export function Button({ variant, size, icon, busy = false, label, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes({ ...(variant && { variant }), ...(size && { size }) }, children === undefined)}
      aria-busy={busy || undefined}
      aria-label={label}
      title={rest.title ?? label}
      disabled={disabled === true || busy}
    >
      {busy ? <span className="button__spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function ButtonLink({
  to,
  children,
  variant,
  size,
  icon,
}: Look & { readonly to: string; readonly children: ReactNode }) {
  return (
    <Link to={to} className={classes({ ...(variant && { variant }), ...(size && { size }) }, false)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  );
}
