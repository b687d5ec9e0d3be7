import { isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import type { Path } from '#shared/schema/finding.ts';
import { type ConfigProblem, pathText, printable } from '../messages/problem.ts';
import { curlyAround, curlyQuotes } from './curly-quotes.ts';
import { rangeOf } from './yaml-lines.ts';

/** Enough for 10,000 certificates; aliases of aliases reach this limit before they fill the memory. */
const mostValues = 2_000_000;

type Anchor = { readonly node: unknown; value: unknown; size: number; open: boolean };

/** YAML's nodes as plain values, shared and not copied where aliases repeat them. */
export function plainValue(
  root: unknown,
  placeOf: (offset: number) => { readonly line: number; readonly col: number },
) {
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
    if (isScalar(node)) reportCurlyQuotes(node as Scalar.Parsed, path);
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
      const name = key.value.replace(curlyAround, '');
      reportCurlyQuotes(key as Scalar.Parsed, [...path, name]);
      return name;
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

  /** Reports quotes that YAML does not treat as quotes: a name with them is another name. */
  function reportCurlyQuotes(node: Scalar.Parsed, path: Path): void {
    const found = node.type === 'PLAIN' ? curlyQuotes(node.source) : null;
    if (found === null || !node.range) return;
    const { col } = placeOf(node.range[0] + found.at);
    report(
      path,
      node,
      node.source,
      `has ${found.title} at column ${col}, which YAML takes for a part of the text`,
      'Write straight quotes: ".',
    );
  }

  function report(path: Path, node: unknown, value: string, message: string, fix: string): void {
    const range = rangeOf(node);
    problems.push({
      path: pathText(path),
      line: range && placeOf(range[0]).line,
      value: printable(value),
      message,
      fix,
      range,
      excerpt: null,
    });
  }
}
