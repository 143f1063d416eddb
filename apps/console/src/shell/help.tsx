import { Dialog } from '../ui/dialog.js';
import './help.css';
import { places } from './places.js';

function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className="keys">
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

/** The keys that do something. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Command palette', ['/']],
    ['Command palette', ['Ctrl', 'K']],
    ['This list', ['?']],
    ['Close', ['Esc']],
    ...places.flatMap((place): (readonly [string, readonly string[]])[] =>
      place.key === undefined ? [] : [[place.name, ['g', place.key]]],
    ),
  ];
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="key-list">
        {rows.map(([name, keys]) => (
          <div key={keys.join(' ')}>
            <dt>{name}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
