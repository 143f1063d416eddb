/** Where a key leads from the cell at `index`, as in a spreadsheet; undefined for keys that lead nowhere. */
export function cellAfterKey(
  key: string,
  isWhole: boolean,
  index: number,
  grid: { readonly perLine: number; readonly length: number; readonly linesInSight: number },
): number | undefined {
  const { perLine, length, linesInSight } = grid;
  const last = length - 1;
  const lineStart = index - (index % perLine);
  const column = index - lineStart;
  const page = Math.max(1, linesInSight - 1) * perLine;
  const within = (wanted: number): number => Math.min(last, Math.max(0, wanted));
  switch (key) {
    case 'ArrowRight':
      return within(index + 1);
    case 'ArrowLeft':
      return within(index - 1);
    case 'ArrowDown':
      return index + perLine > last ? index : index + perLine;
    case 'ArrowUp':
      return index < perLine ? index : index - perLine;
    case 'PageDown':
      return within(index + page);
    case 'PageUp':
      return index - page < 0 ? column : index - page;
    case 'Home':
      return isWhole ? 0 : lineStart;
    case 'End':
      return isWhole ? last : within(lineStart + perLine - 1);
    default:
      return undefined;
  }
}
