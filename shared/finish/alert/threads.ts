import {
  byDanger,
  type Condition,
  isBad,
  type Severity,
  severities,
} from '#shared/status/condition.ts';
import { conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';

/** One condition of a thread, of a certificate or of the installation itself. */
export type Member = {
  readonly certificate: string | null;
  /** Of the certificate; null where it has none. */
  readonly owner: string | null;
  readonly condition: Condition;
};

/** What people hear of together: one certificate, or a cause that many share. The worst member comes first. */
export type Thread = {
  readonly key: string;
  readonly severity: Severity;
  /** Not empty; the worst first. */
  readonly members: readonly [Member, ...Member[]];
  /** The one that is said: of certkeep itself where there is one, or else the worst. */
  readonly lead: Member;
};

/** More certificates with the same trouble of their own, at the same time, are one thread. */
const mostAlone = 5;

/**
 * Sorts everything that is bad into threads: by the cause that certificates share, or else by certificate. Where many
 * certificates have the same trouble of their own, they share a thread. `open` are the keys of threads that people know: one
 * that many share stays shared until it is over.
 */
export function threadsOf(status: Status, open: ReadonlySet<string>): readonly Thread[] {
  const bad = membersOf(status).filter(({ condition }) => isBad(condition));
  const first = Map.groupBy(bad, keyOf);
  const merged = mergedKeys(first, open);
  const all = Map.groupBy(bad, (member) => {
    const key = keyOf(member);
    return merged.get(key) ?? key;
  });
  return [...all].map(([key, members]) => threadOf(key, members));
}

function membersOf(status: Status): readonly Member[] {
  const own = conditionsOf(status, { conditions: status.conditions });
  return [
    ...own.map((condition) => ({ certificate: null, owner: null, condition })),
    ...status.certificates.flatMap((each) =>
      conditionsOf(status, each).map((condition) => ({
        ...{ certificate: each.id, owner: each.owner ?? null },
        condition,
      })),
    ),
  ];
}

/** `issuer letsencrypt`, `certificate shop`, `Permitted eu-central-1`. The id of a certificate has no space. */
function keyOf({ certificate, condition }: Member): string {
  const { about, scope, type } = condition;
  if (scope !== null) return scope;
  if (certificate !== null) return certificateKey(certificate);
  return about === null ? type : `${type} ${about}`;
}

/** The key of a certificate's own thread. */
export function certificateKey(id: string): string {
  return `certificate ${id}`;
}

/** Returns the key of the common thread for each certificate's own thread that joins one. */
function mergedKeys(
  threads: ReadonlyMap<string, readonly Member[]>,
  open: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const alone = [...threads].filter(([key]) => key.startsWith(certificateKey('')));
  const alike = Map.groupBy(alone, ([, members]) => troubleOf(members));
  return new Map(
    [...alike].flatMap(([trouble, certificates]) => {
      const isShared = certificates.length > mostAlone || open.has(trouble);
      return isShared ? certificates.map(([key]) => [key, trouble] as const) : [];
    }),
  );
}

function troubleOf(members: readonly Member[]): string {
  const [{ condition }] = inOrder(members);
  return `${many}${condition.type} ${condition.reason}`;
}

/** The certificates of a thread, in order. */
export function idsOf({ members }: { readonly members: readonly Member[] }): readonly string[] {
  return [...new Set(members.flatMap(({ certificate }) => certificate ?? []))].sort();
}

/** Says whether the thread is of many certificates with the same trouble of their own. */
export function isOfMany({ key }: Pick<Thread, 'key'>): boolean {
  return key.startsWith(many);
}

const many = 'many ';

function threadOf(key: string, members: readonly Member[]): Thread {
  const ordered = inOrder(members);
  const severity = ordered
    .map(({ condition }) => condition.danger.severity)
    .reduce((a, b) => (severities.indexOf(b) > severities.indexOf(a) ? b : a));
  const lead = ordered.find(({ certificate }) => certificate === null) ?? ordered[0];
  return { key, severity, members: ordered, lead };
}

function inOrder(members: readonly Member[]): Thread['members'] {
  const [first, ...rest] = members.toSorted((a, b) => byDanger(a.condition, b.condition));
  if (!first) throw new Error('a thread has no members');
  return [first, ...rest];
}
