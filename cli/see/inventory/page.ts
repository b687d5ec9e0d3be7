import { oneLine } from '#shared/text/plain-text.ts';
import { dayMs } from '#shared/time/clock.ts';
import { csv } from '../../text/csv.ts';
import { readableName } from '../../text/names.ts';
import type { Paint } from '../../text/paint.ts';
import { type Column, table } from '../../text/table.ts';
import { shortSpan } from '../../text/times.ts';
import { cut } from '../../text/width.ts';
import type { Listed } from './found.ts';

/** Whoever renews by hand needs time for it. */
const soonMs = 30 * dayMs;
const longest = 200;

/** It is in use, ends soon, and nobody renews it. */
export function needsSomebody({ endsAt, renewedBy, usedBy }: Listed, now: Date): boolean {
  const ends = endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(endsAt);
  return usedBy.length > 0 && renewedBy.kind === 'nobody' && ends - now.getTime() <= soonMs;
}

export type Look = { readonly now: Date; readonly width: number; readonly paint: Paint };

export function inventoryPage(all: readonly Listed[], look: Look): readonly string[] {
  if (all.length === 0) return ['no certificate in ACM is in use there'];
  const { now, paint, width } = look;
  const [head = '', ...lines] = table(columnsFor(all, look), all, width);
  const urgent = all.filter((each) => needsSomebody(each, now)).length;
  const nobody = all.filter(({ renewedBy }) => renewedBy.kind === 'nobody').length;
  const count = all.length === 1 ? '1 certificate' : `${all.length} certificates`;
  return [
    paint('bold', head),
    ...lines.flatMap((line, index) => {
      const why = all[index]?.renewedBy.why ?? null;
      return why === null ? [line] : [line, cut(`  ${oneLine(why, longest)}`, width)];
    }),
    '',
    `${count}; nobody renews ${nobody}${urgent > 0 ? ` (${urgent} within 30 days of its end)` : ''}`,
  ];
}

function columnsFor(all: readonly Listed[], { now, paint }: Look): readonly Column<Listed>[] {
  const isOneAccount = new Set(all.map(({ account }) => account)).size === 1;
  return [
    {
      head: 'CERTIFICATE',
      least: 16,
      givesWay: 4,
      cell: ({ names }) => namesText(names),
      paint: (text, each) => (needsSomebody(each, now) ? paint('red', text) : text),
    },
    { head: 'ENDS IN', least: 7, givesWay: 9, cell: ({ endsAt }) => endsText(endsAt, now) },
    { head: 'RENEWED BY', least: 10, givesWay: 9, cell: renewerText },
    {
      head: 'ISSUER',
      least: 8,
      givesWay: 1,
      cell: ({ issuer }) => oneLine(issuer, longest) || '-',
    },
    { head: 'USED BY', least: 12, givesWay: 2, cell: ({ usedBy }) => usersText(usedBy) },
    {
      head: 'REGION',
      least: 9,
      givesWay: 8,
      cell: ({ account, region }) => (isOneAccount ? region : `${account}/${region}`),
    },
  ];
}

function namesText([first = '-', ...more]: readonly string[]): string {
  return more.length === 0 ? readableName(first) : `${readableName(first)} +${more.length}`;
}

function endsText(endsAt: string | null, now: Date): string {
  if (endsAt === null) return '-';
  const left = Date.parse(endsAt) - now.getTime();
  return left <= 0 ? 'ended' : shortSpan(left);
}

function renewerText({ renewedBy: { kind } }: Listed): string {
  return { acm: 'ACM', certkeep: 'certkeep', nobody: 'nobody' }[kind];
}

function usersText([first, ...more]: readonly string[]): string {
  if (first === undefined) return '-';
  return more.length === 0 ? userName(first) : `${userName(first)} +${more.length}`;
}

/** `alb shop` of `…:loadbalancer/app/shop/50dc6c495c0c9188`, `distribution/E1` of CloudFront. */
function userName(arn: string): string {
  const [, kind = '', name = ''] = /:loadbalancer\/(app|net)\/([^/]+)/.exec(arn) ?? [];
  if (name) return oneLine(`${kind === 'app' ? 'alb' : 'nlb'} ${name}`, longest);
  const resource = arn.split(':').slice(5).join(':');
  return oneLine(resource.replace(/^loadbalancer\//, 'clb ') || arn, longest);
}

const head = [
  ...['account', 'region', 'names', 'ends_at', 'renewed_by', 'why', 'issuer', 'key', 'used_by'],
  'arn',
];

export function inventoryCsv(all: readonly Listed[]): string {
  return csv([
    head,
    ...all.map((each) => [
      each.account,
      each.region,
      each.names.join(' '),
      each.endsAt ?? '',
      each.renewedBy.kind,
      each.renewedBy.why ?? '',
      each.issuer,
      each.key,
      each.usedBy.join(' '),
      each.arn,
    ]),
  ]);
}
