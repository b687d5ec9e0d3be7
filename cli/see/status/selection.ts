import type { Status } from '#shared/status/status-schema.ts';
import { nearest } from '#shared/text/suggest.ts';
import { CommandFailed } from '../../failure.ts';
import { readableName } from '../../text/names.ts';
import type { SortOrder } from './sort-orders.ts';

type Certificate = Status['certificates'][number];

/** Which certificates somebody wants to see, and in which order. */
export type Selection = {
  /** All where there are none. */
  readonly ids: readonly string[];
  /** Only what needs somebody. */
  readonly failing: boolean;
  readonly owner: string | null;
  readonly sort: SortOrder;
};

/**
 * Returns the status with the selected certificates alone, counted anew. Its causes and texts stay, since numbers lead there.
 * @throws CommandFailed for an id or an owner that it does not know
 */
export function selected(status: Status, { failing, ids, owner, sort }: Selection): Status {
  for (const id of ids) assertKnown(status, id);
  if (owner !== null) assertOwner(status, owner);
  const certificates = status.certificates
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .filter((each) => owner === null || each.owner === owner)
    .filter(({ state }) => !failing || needsSomebody(state));
  const count = (state: Certificate['state']) =>
    certificates.filter((each) => each.state === state).length;
  return {
    ...status,
    counts: {
      well: count('well'),
      working: count('working'),
      warning: count('warning'),
      critical: count('critical'),
    },
    certificates: sorted(certificates, sort),
  };
}

export function needsSomebody(state: Certificate['state']): boolean {
  return state === 'warning' || state === 'critical';
}

/** @throws CommandFailed */
export function assertKnown({ certificates }: Status, id: string): void {
  if (certificates.some((each) => each.id === id)) return;
  const meant = nearest(
    id,
    certificates.map((each) => each.id),
  );
  throw new CommandFailed(
    `there is no certificate "${id}"${meant ? `; did you mean "${meant}"?` : ''}`,
    meant ? `npx certkeep status ${meant}` : 'npx certkeep status',
  );
}

/** A mistyped owner must not look as if all were well. */
function assertOwner({ certificates }: Status, owner: string): void {
  const owners = new Set(certificates.flatMap((each) => each.owner ?? []));
  if (owners.has(owner)) return;
  const meant = nearest(owner, owners);
  throw new CommandFailed(
    `no certificate has the owner "${owner}"${meant ? `; did you mean "${meant}"?` : ''}`,
    meant ? `npx certkeep status --owner ${meant}` : 'npx certkeep status',
  );
}

/** The document has the worst first. */
function sorted(certificates: readonly Certificate[], order: SortOrder): Certificate[] {
  switch (order) {
    case 'state':
      return [...certificates];
    case 'ends':
      return certificates.toSorted((a, b) => byTime(a.endsAt, b.endsAt));
    case 'renews':
      return certificates.toSorted((a, b) => byTime(a.renewsAt, b.renewsAt));
    case 'name': {
      const { compare } = new Intl.Collator('en');
      const names = new Map(certificates.map(({ id, name }) => [id, readableName(name)]));
      return certificates.toSorted((a, b) => compare(names.get(a.id) ?? '', names.get(b.id) ?? ''));
    }
  }
}

/** What has no time comes last. */
function byTime(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Date.parse(a) - Date.parse(b);
}
