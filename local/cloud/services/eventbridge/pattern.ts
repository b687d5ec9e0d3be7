/** An event pattern, parsed: nested objects whose leaves are lists of alternatives. */
export type EventPattern = { readonly [field: string]: EventPattern | readonly Matcher[] };

type Matcher = string | number | boolean | null | { readonly [operator: string]: unknown };

/** EventBridge would refuse the pattern; the message names the part. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

type Comparison = (value: unknown, operand: unknown) => boolean;

/** EventBridge User Guide, "Comparison operators for use in event patterns": those that this project uses. */
const operators: Readonly<
  Record<string, { takes: (operand: unknown) => boolean; matches: Comparison }>
> = {
  prefix: {
    takes: isString,
    matches: (value, operand) => isString(value) && value.startsWith(String(operand)),
  },
  suffix: {
    takes: isString,
    matches: (value, operand) => isString(value) && value.endsWith(String(operand)),
  },
  'equals-ignore-case': {
    takes: isString,
    matches: (value, operand) =>
      isString(value) && value.toLowerCase() === String(operand).toLowerCase(),
  },
  exists: { takes: (operand) => typeof operand === 'boolean', matches: () => true },
  'anything-but': {
    takes: (operand) => [operand].flat().every((one) => isString(one) || typeof one === 'number'),
    matches: (value, operand) => value !== undefined && ![operand].flat().includes(value),
  },
  numeric: {
    takes: isRange,
    matches: (value, operand) =>
      typeof value === 'number' && inRange(value, operand as readonly unknown[]),
  },
};

/** Throws `InvalidPattern` with the path of the mistake. */
export function parseEventPattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (cause) {
    throw new InvalidPattern('Event pattern is not valid. Reason: it is not JSON', { cause });
  }
  assertPattern(pattern, '');
  return pattern as EventPattern;
}

/** Returns true when every field of the pattern matches one of its alternatives in the event; other fields do not count. */
export function matchesEvent(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return alternativesOf(expected).some((one) => matchesEvent(one, event));
    const value = isObject(event) ? event[field] : undefined;
    if (!Array.isArray(expected)) return matchesEvent(expected as EventPattern, value);
    // A list in the event matches when one of its members does.
    const values = Array.isArray(value) ? value : [value];
    return (expected as readonly Matcher[]).some((matcher) =>
      values.some((one) => matchesValue(matcher, one)),
    );
  });
}

/** Each part of `$or` is a pattern of its own for the object that it stands in. */
function alternativesOf(expected: unknown): readonly EventPattern[] {
  return expected as readonly EventPattern[];
}

function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (!isObject(matcher)) return matcher === value;
  const [[operator, operand] = ['', null]] = Object.entries(matcher);
  // `exists` concerns leaves only: for an object, neither value matches.
  if (operator === 'exists') return !isObject(value) && (value !== undefined) === operand;
  return operators[operator]?.matches(value, operand) ?? false;
}

function assertPattern(pattern: unknown, path: string): void {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new InvalidPattern(
      `Event pattern is not valid. Reason: ${path || 'the pattern'} must be an object or an array`,
    );
  }
  for (const [field, expected] of Object.entries(pattern)) {
    const at = path ? `${path}.${field}` : field;
    if (field === '$or') assertAlternatives(expected, at);
    else if (field.startsWith('$')) throw new InvalidPattern(`local: ${at} is not implemented`);
    else if (!Array.isArray(expected)) assertPattern(expected, at);
    else if (expected.length === 0)
      throw new InvalidPattern(
        `Event pattern is not valid. Reason: Empty arrays are not allowed at ${at}`,
      );
    else for (const matcher of expected) assertMatcher(matcher, at);
  }
}

function assertAlternatives(expected: unknown, path: string): void {
  if (!Array.isArray(expected) || expected.length < 2) {
    throw new InvalidPattern(
      `Event pattern is not valid. Reason: ${path} must be an array of at least two objects`,
    );
  }
  for (const [index, alternative] of expected.entries()) {
    assertPattern(alternative, `${path}[${index}]`);
  }
}

function assertMatcher(matcher: unknown, path: string): void {
  if (!isObject(matcher)) return;
  const entries = Object.entries(matcher);
  const [operator, operand] = entries[0] ?? ['', null];
  const known = operators[operator];
  if (entries.length !== 1 || !known) {
    throw new InvalidPattern(
      `Event pattern is not valid. Reason: Unrecognized match type ${operator} at ${path}`,
    );
  }
  if (!known.takes(operand)) {
    throw new InvalidPattern(
      `local: ${operator} of ${JSON.stringify(operand)} at ${path} is not valid or not implemented`,
    );
  }
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** One or two pairs of comparison and limit: `[">", 0, "<=", 5]`. */
function isRange(operand: unknown): boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return false;
  return operand.every((part, index) =>
    index % 2 === 0 ? String(part) in comparisons : typeof part === 'number',
  );
}

function inRange(value: number, operand: readonly unknown[]): boolean {
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])];
    if (!compare?.(value, Number(operand[index + 1]))) return false;
  }
  return true;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
