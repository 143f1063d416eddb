/** How long a second Ctrl-C means "cancel the run". */
const secondChanceMs = 3_000;

export interface Interrupted {
  /** The first Ctrl-C: say what a second one does. */
  readonly ask: () => void;
  /** No second one came. */
  readonly leave: () => void;
  /** The second Ctrl-C. */
  readonly cancel: () => void;
}

/**
 * What Ctrl-C does while a run is watched: the first leaves it alone after a moment, a second in that time cancels it,
 * a third leaves at once. Where nobody sits at a terminal, the first leaves at once. Gives a function that ends this.
 */
export function onInterrupt(interactive: boolean, act: Interrupted): () => void {
  let presses = 0;
  let timer: NodeJS.Timeout | undefined;
  const pressed = (): void => {
    presses += 1;
    if (!interactive || presses > 2) {
      act.leave();
    } else if (presses === 1) {
      act.ask();
      timer = setTimeout(act.leave, secondChanceMs);
    } else {
      clearTimeout(timer);
      act.cancel();
    }
  };
  process.on('SIGINT', pressed);
  const terminated = (): void => act.leave();
  process.on('SIGTERM', terminated);
  return () => {
    clearTimeout(timer);
    process.off('SIGINT', pressed);
    process.off('SIGTERM', terminated);
  };
}
