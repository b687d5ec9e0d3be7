/** The candidate that was probably meant; null when none is close enough. */
export function nearest(written: string, candidates: Iterable<string>): string | null {
  // Every short word is close to every other, and comparing long text would only take time.
  if (written.length < 4 || written.length > 64) return null;
  const allowed = Math.floor((written.length + 1) / 3);
  let best: { text: string; distance: number } | null = null;
  for (const text of candidates) {
    if (Math.abs(text.length - written.length) > allowed) continue;
    const distance = editDistance(written.toLowerCase(), text.toLowerCase());
    if (distance <= allowed && (best === null || distance < best.distance)) {
      best = { text, distance };
    }
  }
  return best?.text ?? null;
}

/** The Levenshtein distance, computed one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const swap = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
