import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '#shared/schema/finding.ts';
import type { Range } from '../messages/problem.ts';

type Anchors = ReadonlyMap<string, { readonly node: unknown }>;
type Place = { readonly key: unknown; readonly node: unknown };

/** Finds the position of a path; for a path that leads nowhere, that of its last existing part. */
export function yamlLocator(root: unknown, anchors: Anchors, lines: LineCounter) {
  // One index per map, built on first use: a long file with many problems is not searched for each.
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return {
    lineAt: (offset: number): number => lines.linePos(offset).line,
    range(path: Path): Range | null {
      const { key, node } = find(path).place;
      if (node === root) return null;
      // People look at a value on its own line; for a block, the name above it is better.
      return rangeOf(isScalar(node) || key === null ? node : key) ?? rangeOf(key);
    },
    /** The range of the key that leads to a value. */
    keyRange(path: Path): Range | null {
      const { place, whole } = find(path);
      return whole ? rangeOf(place.key) : null;
    },
    /** The range of a value with all its lines. */
    valueRange(path: Path): Range | null {
      const { place, whole } = find(path);
      return whole ? rangeOf(place.node) : null;
    },
    source(path: Path): string | null {
      const { place, whole } = find(path);
      return whole && isScalar(place.node) ? (place.node.source ?? null) : null;
    },
  };

  function find(path: Path): { place: Place; whole: boolean } {
    let place: Place = { key: null, node: root };
    for (const step of path) {
      const next = childOf(target(place.node), step);
      if (next === null)
        return { place: { ...place, node: place.key ?? place.node }, whole: false };
      place = next;
    }
    return { place: { ...place, node: target(place.node) }, whole: true };
  }

  function target(node: unknown): unknown {
    return isAlias(node) ? anchors.get(node.source)?.node : node;
  }

  function childOf(node: unknown, step: string | number): Place | null {
    if (isSeq(node) && typeof step === 'number') {
      return step < node.items.length ? { key: null, node: node.items[step] } : null;
    }
    if (!isMap(node)) return null;
    const pair = indexOf(node).get(String(step));
    return pair ? { key: pair.key, node: pair.value } : null;
  }

  function indexOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    let index = indexes.get(map);
    if (index === undefined) {
      // The order is reversed, so that the first of two equal keys wins, as in the parser.
      index = new Map(
        map.items
          .toReversed()
          .map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]),
      );
      indexes.set(map, index);
    }
    return index;
  }
}

export function rangeOf(node: unknown): Range | null {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  const [start, end] = range ?? [];
  return start === undefined || end === undefined ? null : [start, end];
}
