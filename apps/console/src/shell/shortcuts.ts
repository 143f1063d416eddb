import { useEffect } from 'react';

const sequenceMs = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

export interface ShortcutActions {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
  /** Second key of a sequence that begins with `g`; true where it led somewhere. */
  readonly go: (key: string) => boolean;
}

/** `/` and Ctrl-K open the palette, `?` the list of keys, `g` and another key lead to a page. */
export function useShortcuts({ openPalette, openHelp, go }: ShortcutActions): void {
  useEffect(() => {
    let startedAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        openPalette();
        return;
      }
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (modified || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      if (startedAt > 0 && event.timeStamp - startedAt < sequenceMs && go(event.key)) {
        event.preventDefault();
        startedAt = 0;
        return;
      }
      startedAt = event.key === 'g' ? event.timeStamp : 0;
      if (event.key !== '/' && event.key !== '?') return;
      event.preventDefault();
      if (event.key === '/') openPalette();
      else openHelp();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [openPalette, openHelp, go]);
}
