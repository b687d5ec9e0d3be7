/** The strings of a TXT value in presentation form, or null where it is not `"…" "…"`. */
export function parseTxt(value: string): string[] | null {
  const strings: string[] = [];
  let rest = value.trim();
  while (rest !== '') {
    const match = /^"((?:[^"\\]|\\.)*)"(?:\s+|$)/s.exec(rest);
    if (!match) return null;
    strings.push(unescapeTxt(match[1] ?? ''));
    rest = rest.slice(match[0].length);
  }
  return strings.length === 0 ? null : strings;
}

function unescapeTxt(text: string): string {
  return text.replace(/\\([0-3][0-7]{2}|.)/gs, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
  );
}
