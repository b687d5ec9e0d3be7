const widestLine = 100;

/** Formats JSON as this repository's formatter does: a list of plain values stays on one line where it fits. */
export function jsonText(value: unknown, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonText(item, inner));
    const line = `[${items.join(', ')}]`;
    const fits = before + line.length + 1 <= widestLine && !line.includes('\n');
    return fits ? line : `[\n${items.map((item) => inner + item).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, content]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + jsonText(content, inner, start.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
