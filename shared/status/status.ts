import { byDanger, type Condition } from './condition.ts';
import type { Status } from './status-schema.ts';

type CertificateStatus = Status['certificates'][number];
export type CertificateState = CertificateStatus['state'];

/** The fixed fields of a certificate's line. */
export type CertificateLine = Omit<CertificateStatus, 'state' | 'conditions'>;

export type Fleet = Pick<Status, 'discovered' | 'installation'> & {
  readonly checkedAt: Date;
  readonly conditions: readonly Condition[];
  readonly certificates: readonly {
    readonly line: CertificateLine;
    readonly conditions: readonly Condition[];
  }[];
};

/** A text of somebody else may be long; the record has all of it. */
const longestMessage = 240;

/** Puts the conditions of a fleet into one document: worst first, and a well certificate in one line. */
export function statusOf(fleet: Fleet): Status {
  const { certificates, checkedAt, conditions, discovered, installation } = fleet;
  const shared = new Shared();
  const lines = certificates
    .map(({ line, conditions: all }) => ({ line, open: all.filter(isOpen).toSorted(byDanger) }))
    .toSorted((a, b) => compareWorst(a.open, b.open) || (a.line.id < b.line.id ? -1 : 1))
    .map(({ line, open }): CertificateStatus => {
      const fixed = { ...inSeconds(line), state: stateOf(open) };
      if (open.length === 0) return fixed;
      const { servedUntil } = fixed;
      return { ...fixed, conditions: open.map((each) => shared.reference(each, servedUntil)) };
    });
  const own = conditions.filter(isOpen).toSorted(byDanger);
  const count = (state: CertificateState) => lines.filter((each) => each.state === state).length;
  return {
    schemaVersion: 1,
    installation,
    checkedAt: seconds(checkedAt.toISOString()),
    counts: {
      well: count('well'),
      working: count('working'),
      warning: count('warning'),
      critical: count('critical'),
    },
    conditions: own.map((each) => shared.reference(each, null)),
    causes: shared.causes.all,
    texts: shared.texts.all,
    certificates: lines,
    ...(discovered && { discovered }),
  };
}

function isOpen({ danger, status }: Condition): boolean {
  return status !== 'true' || danger.severity !== 'none';
}

function stateOf([worst]: readonly Condition[]): CertificateState {
  if (!worst) return 'well';
  return worst.danger.severity === 'none' ? 'working' : worst.danger.severity;
}

function compareWorst([a]: readonly Condition[], [b]: readonly Condition[]): number {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
  return byDanger(a, b);
}

type Reference = Status['conditions'][number];

/** What was named so far, in order. */
class Index<Value> {
  readonly all: Value[] = [];
  readonly #known = new Map<string, number>();

  of(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}

class Shared {
  readonly causes = new Index<Status['causes'][number]>();
  readonly texts = new Index<string>();

  reference(
    { about, danger, message, nextAttemptAt, reason, scope, since, status, type }: Condition,
    servedUntil: string | null,
  ): Reference {
    const { clients, severity, where } = danger;
    const text = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
    const hurtsAt = danger.hurtsAt && seconds(danger.hurtsAt);
    return {
      cause: this.causes.of({
        type,
        status,
        reason,
        severity,
        clients,
        ...(scope !== null && { scope }),
      }),
      text: this.texts.of(text),
      since: seconds(since),
      ...(about !== null && { about }),
      ...(where !== null && where !== about && { where }),
      ...(hurtsAt !== servedUntil && { hurtsAt }),
      ...(nextAttemptAt !== null && { nextAttemptAt: seconds(nextAttemptAt) }),
    };
  }
}

function inSeconds(line: CertificateLine): CertificateLine {
  const { endsAt, renewsAt, servedUntil } = line;
  return {
    ...line,
    endsAt: endsAt && seconds(endsAt),
    servedUntil: servedUntil && seconds(servedUntil),
    renewsAt: renewsAt && seconds(renewsAt),
  };
}

/** Milliseconds help nobody here. */
function seconds(at: string): string {
  return at.replace(/\.\d+Z$/, 'Z');
}

/** The conditions of a certificate, or of the installation (`status` itself), that are not well. */
export function conditionsOf(
  { causes, texts }: Pick<Status, 'causes' | 'texts'>,
  of: {
    readonly conditions?: readonly Reference[] | undefined;
    readonly servedUntil?: string | null;
  },
): readonly Condition[] {
  const { conditions = [], servedUntil = null } = of;
  return conditions.flatMap((reference): Condition[] => {
    const cause = causes[reference.cause];
    const message = texts[reference.text];
    // A document that contradicts itself.
    if (!cause || message === undefined) return [];
    const { clients, reason, scope = null, severity, status, type } = cause;
    const { about = null, hurtsAt = servedUntil, nextAttemptAt = null, since } = reference;
    const isAtTarget = ['Deployed', 'Served', 'Configured'].includes(type);
    const where = reference.where ?? (isAtTarget && clients !== 'unaffected' ? about : null);
    const danger = { severity, clients, where, hurtsAt };
    return [{ type, about, status, reason, message, scope, since, danger, nextAttemptAt }];
  });
}
