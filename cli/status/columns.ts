import type { Condition } from '#shared/status/condition.ts';
import { type CertificateState, conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { dayMs } from '#shared/time/clock.ts';
import { readableName } from '../text/names.ts';
import { type Paint, styleOf } from '../text/paint.ts';
import type { Column } from '../text/table.ts';
import { dayOf, shortSpan } from '../text/times.ts';

type Certificate = Status['certificates'][number];

/** A certificate as a line of the table. Texts of others are safe to print. */
export type Row = {
  readonly state: CertificateState;
  readonly id: string;
  readonly name: string;
  readonly endsIn: string;
  readonly renews: string;
  readonly issuer: string;
  readonly served: string;
  /** Why it is not well; empty where it is. */
  readonly why: string;
};

const longest = { name: 100, why: 300 };

export function rowOf(status: Status, certificate: Certificate, now: Date): Row {
  const conditions = conditionsOf(status, certificate);
  const [worst] = conditions;
  const { endsAt, id, issuer, name, state } = certificate;
  return {
    state,
    id: oneLine(id, longest.name),
    name: name === '' ? '-' : readableName(name),
    endsIn: endsAt === null ? '-' : left(endsAt, now),
    renews: renewsText(certificate, worst, now),
    issuer: issuer === null ? '-' : oneLine(issuer, longest.name),
    served: servedText(certificate, worst, now),
    why: whyText(conditions),
  };
}

function left(at: string, now: Date): string {
  const ms = Date.parse(at) - now.getTime();
  return ms <= 0 ? 'ended' : shortSpan(ms);
}

function renewsText({ renewsAt }: Certificate, worst: Condition | undefined, now: Date): string {
  const tries = worst?.nextAttemptAt ?? null;
  if (tries !== null && (worst?.type === 'Issued' || worst?.type === 'Renewable')) {
    const inMs = Date.parse(tries) - now.getTime();
    return inMs > 0 ? `try ${shortSpan(inMs)}` : 'try now';
  }
  if (renewsAt === null) return '-';
  const inMs = Date.parse(renewsAt) - now.getTime();
  if (inMs <= 0) return 'due';
  return inMs < 2 * dayMs ? `in ${shortSpan(inMs)}` : dayOf(renewsAt);
}

/** Until when clients are served, and the place that matters where one is in trouble. */
function servedText(
  { servedUntil, targets }: Certificate,
  worst: Condition | undefined,
  now: Date,
): string {
  const until = servedUntil === null ? null : left(servedUntil, now);
  const where = worst?.danger.where ?? null;
  if (where !== null) return `${until ?? 'not'} at ${oneLine(where, longest.name)}`;
  if (until !== null) return until;
  return targets === 0 ? 'no target' : 'not seen';
}

function whyText([worst, ...others]: readonly Condition[]): string {
  if (!worst) return '';
  const { about, message: said } = worst;
  const isNamed = about === null || said.includes(about);
  const message = oneLine(isNamed ? said : `${about}: ${said}`, longest.why);
  return others.length === 0 ? message : `${message} (and ${others.length} more)`;
}

/** From this width on, the reason has room beside the rest; a narrower terminal shows it below. */
const wideFrom = 120;

export function showsWhyBeside(width: number): boolean {
  return width >= wideFrom;
}

export function columnsFor(width: number, paint: Paint): readonly Column<Row>[] {
  const columns: readonly Column<Row>[] = [
    {
      head: 'STATE',
      least: 8,
      cell: ({ state }) => state,
      paint: (text, { state }) => paint(styleOf[state], text),
    },
    { head: 'ID', least: 10, cell: ({ id }) => id },
    { head: 'CERTIFICATE', least: 12, cell: ({ name }) => name },
    { head: 'ENDS IN', least: 7, cell: ({ endsIn }) => endsIn },
    { head: 'RENEWS', least: 10, cell: ({ renews }) => renews },
    { head: 'ISSUER', least: 8, cell: ({ issuer }) => issuer },
    { head: 'SERVED', least: 9, cell: ({ served }) => served },
  ];
  const why = { head: 'WHY', least: 20, cell: ({ why }: Row) => why };
  return showsWhyBeside(width) ? [...columns, why] : columns;
}
