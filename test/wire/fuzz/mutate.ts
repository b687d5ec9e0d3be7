import type { Random } from './fuzz.ts';

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[below(random, items.length)] as Item;
}

export function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(random, 256)));
}

/** Lengths and tags that parsers stumble over. */
const odd = [0x00, 0x01, 0x05, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xa0, 0xa3, 0xff];

/** The same bytes with one to four of them changed, left out, doubled, or put elsewhere. */
export function mutated(bytes: Uint8Array, random: Random): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let times = 1 + below(random, 4); times > 0; times -= 1) changed = once(changed, random);
  return changed;
}

function once(bytes: Buffer, random: Random): Buffer {
  const at = below(random, bytes.length || 1);
  const some = 1 + below(random, 8);
  const copy = Buffer.from(bytes);
  switch (below(random, 6)) {
    case 0:
      copy[at] = below(random, 256);
      return copy;
    case 1:
      copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
      return copy;
    case 2:
      copy[at] = oneOf(random, odd);
      return copy;
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + some)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), noise(random, some), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at + some), bytes.subarray(at)]);
  }
}

const names = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '', '0', 'id'];

/** Values that are what nobody expects somewhere. */
function oddValue(random: Random): unknown {
  return oneOf(random, [
    () => null,
    () => '',
    () => -1,
    () => Number.MAX_VALUE,
    () => 'x'.repeat(1 + below(random, 20_000)),
    () => '\u0000\u001b[31m\r\n\u202e\u2028',
    () => '9999-12-31T23:59:59.999Z',
    () => '2026-13-41T00:00:00Z',
    () => [],
    () => ({}),
    () => Array.from({ length: 1 + below(random, 3_000) }, () => oneOf(random, names)),
    () => JSON.parse(`{"${oneOf(random, names)}": {"x": 1}}`),
    () => deep(1 + below(random, 500)),
    () => true,
  ])();
}

function deep(levels: number): unknown {
  let inside: unknown = 1;
  for (let level = 0; level < levels; level += 1) inside = { a: [inside] };
  return inside;
}

/** The same JSON with one to three of its values replaced, left out, or under other names. */
export function mutatedJson(value: unknown, random: Random): unknown {
  const copy = { root: structuredClone(value) };
  for (let times = 1 + below(random, 3); times > 0; times -= 1) change(copy, random);
  return copy.root;
}

function change(root: object, random: Random): void {
  let holder = root as Record<string, unknown>;
  let key = 'root';
  // A walk of random depth.
  for (let next = holder[key]; isHolder(next) && random() < 0.9; next = holder[key]) {
    const keys = Object.keys(next);
    if (keys.length === 0) break;
    holder = next;
    key = oneOf(random, keys);
  }
  const old = holder[key];
  const draw = random();
  if (draw < 0.15 && holder !== root) delete holder[key];
  else if (draw < 0.25 && isHolder(old)) put(old, oneOf(random, names), oddValue(random));
  else if (draw < 0.35 && Array.isArray(old)) {
    const item = old[0] ?? oddValue(random);
    for (let more = below(random, 300); more > 0; more -= 1) old.push(item);
  } else holder[key] = oddValue(random);
}

function put(holder: object, name: string, value: unknown): void {
  // As JSON.parse does it: a name like any other.
  Object.defineProperty(holder, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
