import { wishes } from '#shared/check/entrance.ts';

/** Where that is asked for: a wish of a person has an alias of its own. */
export function entranceFor(request: unknown): string {
  const asked = Object.entries(request as object).flatMap(([name, value]) => (value ? name : []));
  const alias = wishes.toReversed().find((each) => asked.includes(each));
  return alias ? `check:${alias}` : 'check';
}
