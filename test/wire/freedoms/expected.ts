import { type FreedomName, freedom, freedomNames } from './ca/catalogue.ts';
import type { Played } from './world.ts';

/** Requests that three days may take: those of the usual way, and as many for each failure that has waited its time. */
const requestsOfOneTry = 40;

export function mostRequests({ failures, orders }: Pick<Played, 'failures' | 'orders'>): number {
  return requestsOfOneTry * (1 + Math.max(failures, orders));
}

/** What must have come of a certificate: it is issued unless one of the freedoms is refused. */
export function expectedOf(taken: readonly FreedomName[]): readonly string[] {
  const refused = taken.filter((name) => {
    const { expected, hiddenBy = [] } = freedom(name);
    return expected !== 'issues' && !hiddenBy.some((each) => taken.includes(each as FreedomName));
  });
  return refused.length > 0 ? refused.map((name) => freedom(name).expected) : ['issues'];
}

/** Orders of one try. */
export function ordersOf(taken: readonly FreedomName[]): number {
  return Math.max(1, ...taken.map((name) => freedom(name).orders ?? 1));
}

export function failuresOf(taken: readonly FreedomName[]): number {
  return taken.reduce((sum, name) => sum + (freedom(name).failures ?? 0), 0);
}

/** Some freedoms by chance, of which no two exclude each other. `random` gives 0 to 1. */
export function drawn(random: () => number): readonly FreedomName[] {
  const count = 2 + Math.floor(random() * 10);
  const taken: FreedomName[] = [];
  const groups = new Set<string>();
  for (let tries = 0; taken.length < count && tries < 100; tries += 1) {
    const name = freedomNames[Math.floor(random() * freedomNames.length)] as FreedomName;
    const { expected, group } = freedom(name);
    // Otherwise hardly any would be issued.
    const isRare = expected !== 'issues' && random() < 0.8;
    if (isRare || taken.includes(name) || (group && groups.has(group))) continue;
    if (group) groups.add(group);
    taken.push(name);
  }
  return taken;
}
