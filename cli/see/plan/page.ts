import type { PlanLine } from '#shared/check/forecast.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { counted } from '../../text/lists.ts';
import type { Paint } from '../../text/paint.ts';
import { type Column, table } from '../../text/table.ts';
import { dayOf, stamp } from '../../text/times.ts';
import { wrapped } from '../../text/width.ts';
import type { Look } from '../status/page.ts';

const longest = { name: 100, text: 300 };

/** The exit code: 1 where a certificate ends before its turn, or could not be planned. */
export function exitCodeOf(orders: readonly PlanLine[]): 0 | 1 {
  return orders.some((order) => order.isLate || isUnread(order)) ? 1 : 0;
}

/** Check could not read what it knows of the certificate. */
function isUnread({ planned, waitsFor }: PlanLine): boolean {
  return planned === null && waitsFor === null;
}

/** The lines of `certkeep plan`: the days, and below each its orders, with what each takes of the limits of its CA. */
export function planPage(orders: readonly PlanLine[], days: number, look: Look): readonly string[] {
  const [head = '', ...lines] = table(
    columnsFor(look.paint),
    orders.map(rowOf(look.now)),
    look.width,
  );
  const body = orders.flatMap((order, index) => {
    const heading = headingOf(order, days);
    const before = orders[index - 1];
    const isFirst = before === undefined || headingOf(before, days) !== heading;
    return [
      ...(isFirst ? ['', look.paint('bold', heading)] : []),
      lines[index] ?? '',
      ...notesOn(order).flatMap((note) => indented(note, order.isLate, look)),
    ];
  });
  return [countLine(orders, days), head, ...body];
}

function countLine(orders: readonly PlanLine[], days: number): string {
  const { length } = orders.filter((order) => !isUnread(order));
  const late = orders.filter(({ isLate }) => isLate).length;
  const warning = late === 0 ? '' : `, ${late} too late`;
  const due = `${counted(length, 'order')} ${length === 1 ? 'is' : 'are'} due`;
  return `${due} within ${counted(days, 'day')}${warning}`;
}

/** `Fri 8 Jan 2027` */
function headingOf(order: PlanLine, days: number): string {
  if (isUnread(order)) return 'Not planned';
  if (order.planned === null) return `After ${counted(days, 'day')}`;
  const [weekday = '', day, month, year] = new Date(order.planned).toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${Number(day)} ${month} ${year}`;
}

type Row = {
  readonly at: string;
  readonly certificate: string;
  readonly issuer: string;
  readonly why: string;
  readonly isLate: boolean;
};

function rowOf(now: Date): (order: PlanLine) => Row {
  return ({ certificate, isLate, issuer, planned, reason, wanted }) => {
    const isLater = Date.parse(wanted) > now.getTime();
    const why = oneLine(withDays(reason, now), longest.text);
    return {
      at: planned === null ? '-    ' : new Date(planned).toISOString().slice(11, 16),
      certificate: oneLine(certificate, longest.name),
      issuer: issuer === '' ? '-' : oneLine(issuer, longest.name),
      // The reason is told as it will be then.
      why: isLater ? `then ${why}` : why,
      isLate,
    };
  };
}

/** Times in the reason become days, as in the rest of the page. */
function withDays(text: string, now: Date): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z/g, (at) => dayOf(at, now));
}

function columnsFor(paint: Paint): readonly Column<Row>[] {
  return [
    { head: 'UTC', least: 5, givesWay: 9, cell: ({ at }) => at },
    {
      head: 'ID',
      least: 10,
      givesWay: 3,
      cell: ({ certificate }) => certificate,
      paint: (text, { isLate }) => (isLate ? paint('red', text) : text),
    },
    { head: 'ISSUER', least: 8, givesWay: 2, cell: ({ issuer }) => issuer },
    { head: 'WHY', least: 30, givesWay: 1, cell: ({ why }) => why },
  ];
}

function notesOn({ endsAt, isLate, takes, waitsFor }: PlanLine): readonly string[] {
  return [
    ...(takes.length > 0 ? [`takes 1 of ${takes.join(', 1 of ')}`] : []),
    ...(waitsFor === null ? [] : [`waits for its turn: ${waitsFor}`]),
    ...(isLate && endsAt !== null ? [`too late: its certificate ends ${stamp(endsAt)}`] : []),
  ].map((note) => oneLine(note, longest.text));
}

const margin = '       ';

function indented(note: string, isLate: boolean, { paint, width }: Look): readonly string[] {
  const style = isLate && note.startsWith('too late') ? 'red' : 'dim';
  return wrapped(note, width - margin.length).map((line) => margin + paint(style, line));
}

/** `nothing is due within 30 days; the first is docs on 8 Jan` */
export function nothingDue({ certificates }: Status, days: number, now: Date): string {
  const nothing = `nothing is due within ${counted(days, 'day')}`;
  const [first] = certificates
    .flatMap(({ id, renewsAt }) => (renewsAt === null ? [] : [{ id, renewsAt }]))
    .toSorted((one, other) => Date.parse(one.renewsAt) - Date.parse(other.renewsAt));
  if (!first) return nothing;
  return `${nothing}; the first is ${oneLine(first.id, longest.name)} on ${dayOf(first.renewsAt, now)}`;
}
