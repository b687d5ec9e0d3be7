/*
 * Limits of an object of the ledger. Anybody who can write to the bucket can write anything, and a schema reports an issue
 * for each of a million elements. So excess is found first, by form alone, in fields that this release knows and in those
 * that it does not. All limits are far beyond what certkeep writes (fitted.ts).
 */

export type Bounds = {
  /** The number of all values, including those in lists and objects. */
  readonly values: number;
  readonly items: number;
  readonly keys: number;
};

/** For one certificate, with thousands of targets and of names. */
export const boundsOfRecord: Bounds = { values: 200_000, items: 10_000, keys: 10_000 };
/** For objects that all certificates share. */
export const boundsOfFleet: Bounds = { values: 1_000_000, items: 200_000, keys: 200_000 };

/**
 * As many characters as an event may have bytes; a request for a certificate of a thousand names has about fifty thousand.
 */
const longestText = 256 << 10;
const deepest = 32;

/** Lists that are always short, by the name of their field. */
const mostItemsOf: Readonly<Record<string, number>> = {
  versions: 1_000,
  writeIds: 1_000,
  history: 1_000,
  changes: 1_000,
  tried: 1_000,
  listed: 1_000,
  etags: 1_000,
  retired: 5_000,
  by: 5_000,
};

/** Maps that are always small, by the name of their field. */
const mostKeysOf: Readonly<Record<string, number>> = {
  details: 200,
  replicas: 1_000,
  fallbacks: 1_000,
  looks: 1_000,
};

/**
 * Says whether text may hold more values than allowed. It counts commas and brackets without parsing: an object for each of
 * them takes thirty times as much memory as the characters.
 */
export function holdsTooMany(json: string, { values }: Bounds): boolean {
  if (json.length <= values) return false;
  let count = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    // Comma, bracket, brace.
    if (code === 0x2c || code === 0x5b || code === 0x7b) count += 1;
    if (count > values) return true;
  }
  return false;
}

/** Returns the first value that is too large, too many or too deep, with its path; null if nothing is. */
export function excessIn(json: unknown, bounds: Bounds): string | null {
  const excess = excessAt(json, { name: '', depth: 0 }, bounds);
  return excess && `${pathText(excess.path)}: ${excess.what}`;
}

type Place = { readonly name: string; readonly depth: number };
type Excess = { readonly path: readonly string[]; readonly what: string };

function excessAt(value: unknown, place: Place, bounds: Bounds): Excess | null {
  if (typeof value === 'string') {
    return value.length > longestText ? tooMuch(`${value.length} characters`) : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (place.depth > deepest) return tooMuch(`more than ${deepest} levels`);
  return Array.isArray(value)
    ? excessInList(value, place, bounds)
    : excessInObject(value as Record<string, unknown>, place, bounds);
}

function excessInList(list: readonly unknown[], { name, depth }: Place, bounds: Bounds) {
  const most = ownOf(mostItemsOf, name) ?? bounds.items;
  if (list.length > most) return tooMuch(`${list.length} entries, more than ${most}`);
  const place = { name: '', depth: depth + 1 };
  for (let at = 0; at < list.length; at += 1) {
    const excess = excessAt(list[at], place, bounds);
    if (excess) return below(String(at), excess);
  }
  return null;
}

function excessInObject(
  object: Readonly<Record<string, unknown>>,
  { name, depth }: Place,
  bounds: Bounds,
): Excess | null {
  const keys = Object.keys(object);
  const most = ownOf(mostKeysOf, name) ?? bounds.keys;
  if (keys.length > most) return tooMuch(`${keys.length} entries, more than ${most}`);
  for (const key of keys) {
    if (key.length > longestText) return tooMuch(`a name of ${key.length} characters`);
    const excess = excessAt(object[key], { name: key, depth: depth + 1 }, bounds);
    if (excess) return below(key, excess);
  }
  return null;
}

function ownOf(most: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(most, name) ? most[name] : undefined;
}

function tooMuch(what: string): Excess {
  return { path: [], what };
}

function below(key: string, { path, what }: Excess): Excess {
  return { path: [key, ...path], what };
}

/** Names in a record may come from anybody. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.join('.');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
