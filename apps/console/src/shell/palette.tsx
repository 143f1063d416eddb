import { answer } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, session } from '../api/client.js';
import { Icon, type IconName } from '../ui/icon.js';
import { inEnvironment, useEnvironment } from './environment.js';
import './palette.css';
import { addressOf, places } from './places.js';
import { setTheme } from './theme.js';

interface Command {
  readonly id: string;
  readonly name: string;
  readonly icon: IconName;
  readonly kind: string;
  readonly run: () => void;
}

/** Letters of the query in their order, with a better rank where they stand together or begin a word. */
function rank(name: string, query: string): number {
  const text = name.toLowerCase();
  const at = text.indexOf(query);
  if (at === 0) return 3;
  if (at > 0) return text[at - 1] === ' ' || text[at - 1] === '-' ? 2 : 1;
  let from = 0;
  for (const letter of query) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 0.5;
}

function usePaletteCommands(query: string): readonly Command[] {
  const navigate = useNavigate();
  const environment = useEnvironment();
  const pipelines = useQuery({
    queryKey: ['pipelines', environment, 'names'],
    queryFn: async () =>
      (await answer(api.GET('/v1/pipelines', { params: { query: { environment, limit: 200 } } }))).data,
  });
  const wanted = query.trim();
  const go = (to: string) => (): void => void navigate(to);
  const ids: readonly Command[] = /^run_\w+$/.test(wanted)
    ? [{ id: wanted, name: wanted, icon: 'runs', kind: 'Open run', run: go(`/runs/${wanted}`) }]
    : /^dep_\w+$/.test(wanted)
      ? [{ id: wanted, name: wanted, icon: 'deployments', kind: 'Open deployment', run: go(`/deployments/${wanted}`) }]
      : [];
  const all: readonly Command[] = [
    ...places.map((place): Command => ({
      id: place.path,
      name: place.name,
      icon: place.icon,
      kind: 'Go to',
      run: go(addressOf(place, environment)),
    })),
    ...(pipelines.data ?? []).map((pipeline): Command => ({
      id: pipeline.id,
      name: pipeline.name,
      icon: 'pipelines',
      kind: 'Pipeline',
      run: go(inEnvironment(environment, 'pipelines', pipeline.name)),
    })),
    { id: 'light', name: 'Light theme', icon: 'sun', kind: 'Appearance', run: () => setTheme('light') },
    { id: 'dark', name: 'Dark theme', icon: 'moon', kind: 'Appearance', run: () => setTheme('dark') },
    { id: 'system', name: 'Theme of the system', icon: 'screen', kind: 'Appearance', run: () => setTheme('system') },
    { id: 'leave', name: 'Log out', icon: 'logout', kind: 'Session', run: () => void session.leave() },
  ];
  const text = wanted.toLowerCase();
  const fitting = all
    .map((command) => ({ command, rank: rank(command.name, text) }))
    .filter((each) => each.rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map((each) => each.command);
  return [...ids, ...fitting].slice(0, 50);
}

/** Everything by its name: pages, pipelines, ids, the theme. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const commands = usePaletteCommands(query);
  const chosen = commands[Math.min(at, commands.length - 1)];
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    if (chosen !== undefined) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt((before) => (before + 1) % Math.max(1, commands.length));
    else if (event.key === 'ArrowUp') setAt((before) => (before - 1 + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="palette__query">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Search pages, pipelines and actions"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search pages, pipelines, run ids…"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id={id} role="listbox" aria-label="Results" className="palette__list">
        {commands.map((command) => (
          <li
            key={command.id}
            id={`${id}-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            className="palette__item"
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <span className="truncate">{command.name}</span>
            <span className="palette__kind">{command.kind}</span>
          </li>
        ))}
      </ul>
      {commands.length === 0 && <p className="palette__none">Nothing has this name.</p>}
    </dialog>
  );
}
