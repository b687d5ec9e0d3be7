import { inBatches } from '#shared/each.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';
import type { LogEvent, ReadPage } from './log-event.ts';

/** CloudWatch Logs answers five such requests a second in most regions, to everybody in the account. */
const groupsAtOnce = 3;
/** Of one function. A page may be empty where little of what is searched matches. */
const most = { pages: 200, lines: 5_000 };

export type Read = {
  readonly events: readonly LogEvent[];
  /** The functions of which there is more than was read: the latest lines are missing. */
  readonly cut: readonly BundleName[];
  /** False where no function has a log: nothing is installed there. */
  readonly isInstalled: boolean;
};

/** Reads what all functions have written since a time and what matches, page by page. */
export async function readLines(
  readPage: ReadPage,
  ask: { readonly pattern: string; readonly fromMs: number },
): Promise<Read> {
  const groups = await inBatches(bundleNames, groupsAtOnce, async (name) => ({
    name,
    read: await readGroup(readPage, name, ask),
  }));
  return {
    events: groups.flatMap(({ read }) => read?.events ?? []),
    cut: groups.filter(({ read }) => read?.isCut).map(({ name }) => name),
    isInstalled: groups.some(({ read }) => read !== null),
  };
}

async function readGroup(
  readPage: ReadPage,
  name: BundleName,
  ask: { readonly pattern: string; readonly fromMs: number },
): Promise<{ readonly events: readonly LogEvent[]; readonly isCut: boolean } | null> {
  const events: LogEvent[] = [];
  let token: string | null = null;
  for (let pages = 0; pages < most.pages && events.length < most.lines; pages += 1) {
    const page = await readPage(name, { ...ask, token });
    if (!page) return null;
    events.push(...page.events);
    token = page.next;
    if (token === null) return { events, isCut: false };
  }
  return { events, isCut: true };
}
