import { isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { type ConfigProblem, type Path, pathText, printable } from './problem.ts';

/** Enough for 10,000 certificates; aliases of aliases reach it before they reach the memory. */
const mostValues = 2_000_000;

type Anchor = { readonly node: unknown; value: unknown; size: number; open: boolean };

/** YAML's nodes as plain values; shared, not copied, where aliases repeat them. */
export function plainValue(root: unknown, lineOf: (offset: number) => number) {
  const problems: ConfigProblem[] = [];
  const anchors = new Map<string, Anchor>();
  let values = 0;
  const value = convert(root, []);
  return { value, problems, anchors };

  function convert(node: unknown, path: Path): unknown {
    if (isAlias(node)) return resolve(node, path);
    const name = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    const before = values++;
    const anchor: Anchor = { node, value: null, size: 0, open: true };
    if (name !== undefined) anchors.set(name, anchor);
    anchor.value = convertContent(node, path);
    anchor.size = values - before;
    anchor.open = false;
    return anchor.value;
  }

  function convertContent(node: unknown, path: Path): unknown {
    if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index]));
    if (!isMap(node)) return isScalar(node) ? node.value : null;
    const plain: Record<string, unknown> = {};
    for (const { key, value: content } of node.items) {
      const text = keyText(key, path);
      if (text === null) continue;
      if (Object.hasOwn(plain, text)) {
        report([...path, text], key, text, 'is written twice', 'Keep one of the two.');
        continue;
      }
      plain[text] = convert(content, [...path, text]);
    }
    return plain;
  }

  function keyText(key: unknown, path: Path): string | null {
    if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') {
      return key.value;
    }
    const text = isScalar(key) ? ((key as Scalar.Parsed).source ?? '') : '';
    report(
      path,
      key,
      text,
      'is not usable as a key, which must be text',
      isAlias(key) || text !== '' ? 'Put the key in quotes, or choose another.' : 'Write a name.',
    );
    return null;
  }

  function resolve(alias: { source: string }, path: Path): unknown {
    const anchor = anchors.get(alias.source);
    const written = `*${alias.source}`;
    if (anchor === undefined) {
      const fix = alias.source.startsWith('.')
        ? `Put the wildcard in quotes: "${printable(written)}".`
        : 'Put the value in quotes, or define the anchor above.';
      report(path, alias, written, 'is an alias of nothing: "*" means one in YAML', fix);
      return null;
    }
    if (anchor.open) {
      report(path, alias, written, 'is an alias of something that contains it', 'Write it out.');
      return null;
    }
    values += anchor.size;
    if (values <= mostValues) return anchor.value;
    report(
      path,
      alias,
      written,
      `is one alias too many: they expand to more than ${mostValues} values`,
      'Write the values out.',
    );
    values -= anchor.size;
    return null;
  }

  function report(path: Path, node: unknown, value: string, message: string, fix: string): void {
    const offset = (node as { range?: readonly number[] | null } | null)?.range?.[0];
    problems.push({
      path: pathText(path),
      line: offset === undefined ? null : lineOf(offset),
      value: printable(value),
      message,
      fix,
    });
  }
}
