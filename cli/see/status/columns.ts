import type { Condition } from '#shared/status/condition.ts';
import { type CertificateState, conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { dayMs } from '#shared/time/clock.ts';
import { readableName } from '../../text/names.ts';
import { type Paint, styleOf } from '../../text/paint.ts';
import type { Column } from '../../text/table.ts';
import { dayOf, shortSpan } from '../../text/times.ts';

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
  /** Where and why it is not well; empty where it is. */
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
    served: servedText(certificate, now),
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
  return inMs < 2 * dayMs ? `in ${shortSpan(inMs)}` : dayOf(renewsAt, now);
}

/** For how long clients are served, as last seen. */
function servedText({ servedUntil, targets }: Certificate, now: Date): string {
  if (servedUntil !== null) return left(servedUntil, now);
  return targets === 0 ? 'nowhere' : 'not seen';
}

/** One sentence, which begins with the place where it matters. */
function whyText([worst, ...others]: readonly Condition[]): string {
  if (!worst) return '';
  const { about, danger, message } = worst;
  const where = danger.where ?? about;
  const isNamed = where === null || message.includes(where);
  const why = oneLine(isNamed ? message : `${where}: ${message}`, longest.why);
  return others.length === 0 ? why : `${why} (and ${others.length} more)`;
}

/** From this width on, the reason has room beside the rest; a narrower terminal shows it below. */
const wideFrom = 160;

export function showsWhyBeside(width: number): boolean {
  return width >= wideFrom;
}

export function columnsFor(width: number, paint: Paint): readonly Column<Row>[] {
  const columns: readonly Column<Row>[] = [
    {
      head: 'STATE',
      least: 8,
      givesWay: 9,
      cell: ({ state }) => state,
      paint: (text, { state }) => paint(styleOf[state], text),
    },
    { head: 'ID', least: 10, givesWay: 5, cell: ({ id }) => id },
    { head: 'CERTIFICATE', least: 14, givesWay: 4, cell: ({ name }) => name },
    { head: 'ENDS IN', least: 7, givesWay: 9, cell: ({ endsIn }) => endsIn },
    { head: 'RENEWS', least: 10, givesWay: 9, cell: ({ renews }) => renews },
    { head: 'ISSUER', least: 8, givesWay: 3, cell: ({ issuer }) => issuer },
    { head: 'SERVED', least: 8, givesWay: 2, cell: ({ served }) => served },
  ];
  const why = { head: 'WHY', least: 30, givesWay: 1, cell: ({ why }: Row) => why };
  return showsWhyBeside(width) ? [...columns, why] : columns;
}
