const widestLine = 100;

/** JSON as the formatter of this repository writes it: lists of plain values on one line where they fit. */
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
