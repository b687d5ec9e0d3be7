import { createHash } from 'node:crypto';
import { challengePath } from './answering/paths.ts';
import type { ListenerRule } from './client.ts';

/** The request that our rule is to answer. */
export type Wanted = { readonly host: string; readonly path: string };

/**
 * A free priority at which the load balancer asks our rule before every rule that could take its request: before all rules
 * of others where there is room, otherwise before those that could take it. Null where one of these has the first priority.
 * Concurrent runs begin at different places, so that they seldom want the same one.
 */
export function freePriority(rules: readonly ListenerRule[], wanted: Wanted): number | null {
  const taken = new Set(rules.map(({ priority }) => priority));
  const others = rules.filter((rule) => !isForAnotherToken(rule, wanted));
  const rivals = others.filter((rule) => mayTake(rule, wanted));
  return (
    freeBelow(lowest(others), taken, wanted) ?? freeBelow(lowest(rivals), taken, wanted) ?? null
  );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
const highest = 50_000;
/** A load balancer cannot have this many rules. */
const range = 1_000;

function lowest(rules: readonly ListenerRule[]): number {
  return Math.min(highest + 1, ...rules.map(({ priority }) => priority));
}

function freeBelow(end: number, taken: ReadonlySet<number>, { path }: Wanted): number | null {
  const free: number[] = [];
  for (let each = end - 1; each >= 1 && free.length < range; each -= 1) {
    if (!taken.has(each)) free.push(each);
  }
  const chance = createHash('sha256').update(path).digest().readUInt32BE();
  return free[chance % free.length] ?? null;
}

/** A rule for one other path takes no request of ours, whoever made it. */
function isForAnotherToken({ paths }: ListenerRule, { path }: Wanted): boolean {
  const [only, ...more] = paths;
  return (
    only?.startsWith(challengePath) === true &&
    more.length === 0 &&
    !/[*?]/.test(only) &&
    only !== path
  );
}

function mayTake({ hosts, paths }: ListenerRule, { host, path }: Wanted): boolean {
  const some = (patterns: readonly string[], text: string, flags: string) =>
    patterns.length === 0 || patterns.some((pattern) => wildcard(pattern, flags).test(text));
  return some(hosts, host, 'i') && some(paths, path, '');
}

/** `*` stands for any number of characters, `?` for one. */
function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}
