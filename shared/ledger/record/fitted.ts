/*
 * Certkeep's own objects stay far within the limits of reading (bounds.ts). Texts from others (a CA's answer, an error of
 * AWS, a person's reason) and lists that only grow are cut here, in one place, whoever wrote them. Values with a meaning of
 * their own are never cut: an ARN, a URL, a serial, a name.
 */

/** Fields that hold sentences for people, at any depth. */
const sentences: ReadonlySet<string> = new Set([
  ...['message', 'detail', 'holds', 'reason', 'summary', 'what', 'why'],
]);

type Measure = {
  /** The maximum of characters in a sentence, and in one detail of an event, which may list names. */
  readonly sentence: number;
  readonly detail: number;
  /** The number of entries that stay, in lists whose newest entries matter. */
  readonly newest: Readonly<Record<string, number>>;
};

const usual: Measure = {
  sentence: 2_000,
  detail: 20_000,
  newest: { outbox: 500, history: 50, changes: 100 },
};
/**
 * Applied where all of that together exceeds what can be read: a thousand failing targets, or a thousand names in each
 * event.
 */
const tight: Measure = {
  sentence: 200,
  detail: 2_000,
  newest: { outbox: 100, history: 10, changes: 10 },
};

export type Fitted<Held> = {
  readonly record: Held;
  /** The paths of values that were cut or left out, for a line in the log. */
  readonly cut: readonly string[];
};

/** Cuts an object for writing, to that many bytes if at all possible. Returns the same object where nothing is too long. */
export function fitted<Held>(record: Held, mostBytes: number): Fitted<Held> {
  const all = fittedTo(usual, record);
  const bytes = Buffer.byteLength(JSON.stringify(all.record));
  return bytes <= mostBytes ? all : fittedTo(tight, record);
}

function fittedTo<Held>(measure: Measure, record: Held): Fitted<Held> {
  const cut: string[] = [];
  const changed = cutTo(record, [], { measure, cut }) as Held;
  return { record: changed, cut };
}

type Fitting = { readonly measure: Measure; readonly cut: string[] };

function cutTo(value: unknown, path: readonly string[], to: Fitting): unknown {
  if (typeof value === 'string') return fitText(value, path, to);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? fitList(value, path, to) : fitObject(value, path, to);
}

function fitText(text: string, path: readonly string[], { measure, cut }: Fitting): string {
  const longest = longestOf(path, measure);
  if (longest === null || text.length <= longest) return text;
  cut.push(path.join('.'));
  return `${text.slice(0, longest - 1)}…`;
}

function longestOf(path: readonly string[], { sentence, detail }: Measure): number | null {
  if (path.at(-2) === 'details') return detail;
  return sentences.has(path.at(-1) ?? '') ? sentence : null;
}

function fitList(list: readonly unknown[], path: readonly string[], to: Fitting) {
  const { measure, cut } = to;
  const name = path.at(-1) ?? '';
  const most = Object.hasOwn(measure.newest, name) ? measure.newest[name] : undefined;
  const isLong = most !== undefined && list.length > most;
  // History is always cut: nobody needs to hear of it.
  if (isLong && name !== 'history') cut.push(`${path.join('.')} (${list.length - most} left out)`);
  const kept = isLong ? list.slice(-most) : list;
  const items = kept.map((item) => cutTo(item, [...path, '*'], to));
  return !isLong && items.every((item, at) => item === list[at]) ? list : items;
}

function fitObject(object: object, path: readonly string[], to: Fitting) {
  const entries = Object.entries(object).map(
    ([key, value]) => [key, cutTo(value, [...path, key], to)] as const,
  );
  const isSame = entries.every(
    ([key, value]) => value === (object as Record<string, unknown>)[key],
  );
  return isSame ? object : Object.fromEntries(entries);
}
