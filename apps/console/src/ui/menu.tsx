import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from './icon.js';
import './menu.css';

export interface MenuItem {
  readonly name: string;
  readonly icon?: IconName;
  /** Ticked, in a menu of which one is chosen. */
  readonly chosen?: boolean;
  readonly onChoose: () => void;
}

/** A button with a list of actions under it: arrows move, Escape closes, and the focus goes back to the button. */
export function Menu({
  label,
  button,
  groups,
  placement = 'below',
}: {
  readonly label: string;
  readonly button: ReactNode;
  readonly groups: readonly { readonly title?: string; readonly items: readonly MenuItem[] }[];
  readonly placement?: 'below' | 'above';
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const onPointerDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [open]);
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[to]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      close();
    } else if (event.key === 'Tab') setOpen(false);
  };
  return (
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        className="menu__button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen((before) => !before)}
      >
        <span className="visually-hidden">{label}: </span>
        {button}
      </button>
      {open && (
        <div id={id} className={`menu__list menu__list--${placement}`} role="menu" aria-label={label}>
          {groups.map(({ title, items }, group) => (
            <div key={title ?? group} role="group" aria-label={title} className="menu__group">
              {title !== undefined && (
                <div className="menu__title" aria-hidden="true">
                  {title}
                </div>
              )}
              {items.map(({ name, icon, chosen, onChoose }) => (
                <button
                  key={name}
                  type="button"
                  role={chosen === undefined ? 'menuitem' : 'menuitemradio'}
                  aria-checked={chosen}
                  tabIndex={-1}
                  className="menu__item"
                  onClick={() => {
                    close();
                    onChoose();
                  }}
                >
                  {icon !== undefined && <Icon name={icon} />}
                  <span className="truncate">{name}</span>
                  {chosen === true && <Icon name="check" size={14} />}
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
