const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** The form of a size. */
export const byteSizeForm = /^(\d{1,6}(?:\.\d{1,3})?)(B|KB|MB|GB|KiB|MiB|GiB)$/;

/** Bytes of `512MiB`, `1.5GiB`, `200MB`; undefined where the text is not a size. */
export function parseByteSize(text: string): number | undefined {
  const match = byteSizeForm.exec(text);
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * (unitBytes[match[2] ?? 'B'] ?? 1));
}

export function formatByteSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB']) {
    const size = unitBytes[unit] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}
