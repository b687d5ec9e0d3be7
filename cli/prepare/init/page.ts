import { oneLine } from '#shared/text/plain-text.ts';
import type { Look } from '../../see/status/page.ts';
import { counted, listed } from '../../text/lists.ts';
import { readableName } from '../../text/names.ts';
import { type Column, table } from '../../text/table.ts';
import { shortSpan } from '../../text/times.ts';
import { wrapped } from '../../text/width.ts';
import type { Candidate, Survey, Unmanaged } from './decide/survey.ts';
import type { Found } from './facts.ts';

const longestText = 600;

/** What was found, with a number for each certificate that can be picked. Pure. */
export function surveyPage(
  { account, regions, unseen }: Found,
  { candidates, counts, unmanaged }: Survey,
  look: Look,
): readonly string[] {
  const where = `${account}, ${listed(regions)}`;
  const rows = candidates.map((candidate, index) => ({ candidate, number: index + 1 }));
  const head =
    rows.length === 0
      ? `${where}: no imported certificate in use that certkeep could renew`
      : `${where}: ${counted(rows.length, 'imported certificate')} in use. ACM renews no imported ones.`;
  const [heads = '', ...lines] = table(columnsFor(look), rows, look.width);
  return [
    ...wrapped(head, look.width),
    ...(rows.length === 0 ? [] : ['', look.paint('bold', heads), ...lines]),
    ...block(
      'Not managed by certkeep, so that somebody has to renew it by other means:',
      unmanaged.map((each) => unmanagedText(each, look.now)),
      look,
    ),
    ...block(
      'Could not be looked at:',
      unseen.map(({ what, why }) => `${what}: ${why}`),
      look,
    ),
    ...block('Besides:', besides(counts, regions), look),
  ];
}

function besides(
  { idle, issuedByAcm, ofCertkeep }: Survey['counts'],
  regions: readonly string[],
): readonly string[] {
  return [
    ...(issuedByAcm > 0
      ? [`${counted(issuedByAcm, 'certificate')} from ACM, which renews its own`]
      : []),
    ...(idle > 0 ? [`${counted(idle, 'imported certificate')} that nothing uses`] : []),
    ...(ofCertkeep > 0
      ? [`${counted(ofCertkeep, 'certificate')} that certkeep keeps already`]
      : []),
    ...(regions.includes('us-east-1')
      ? []
      : ['CloudFront takes certificates from us-east-1 alone, which was not looked at']),
  ];
}

function block(heading: string, texts: readonly string[], { width }: Look): readonly string[] {
  if (texts.length === 0) return [];
  return [
    '',
    heading,
    ...texts.flatMap((text) => {
      const [first = '', ...rest] = wrapped(oneLine(text, longestText), width - 4);
      return [`  - ${first}`, ...rest.map((line) => `    ${line}`)];
    }),
  ];
}

function unmanagedText({ name, notAfter, why }: Unmanaged, now: Date): string {
  return `${readableName(name)}${notAfter ? `, ${endText(notAfter, now)}` : ''}: ${why}`;
}

function endText(notAfter: Date, now: Date): string {
  const left = notAfter.getTime() - now.getTime();
  return left <= 0 ? `ended ${notAfter.toISOString().slice(0, 10)}` : `ends in ${shortSpan(left)}`;
}

type Row = { readonly number: number; readonly candidate: Candidate };

const urgentMs = 14 * 86_400_000;

function columnsFor({ now, paint }: Look): readonly Column<Row>[] {
  return [
    { head: '#', least: 3, givesWay: 9, cell: ({ number }) => String(number) },
    {
      head: 'CERTIFICATE',
      least: 16,
      givesWay: 2,
      cell: ({ candidate: { covered, names } }) => {
        const others = names.length + covered.length - 1;
        return `${readableName(names[0] ?? '')}${others > 0 ? ` +${others}` : ''}`;
      },
    },
    {
      head: 'ENDS IN',
      least: 8,
      givesWay: 8,
      cell: ({ candidate: { notAfter } }) => {
        if (notAfter === null) return '';
        return notAfter <= now ? 'ended' : shortSpan(notAfter.getTime() - now.getTime());
      },
      paint: (text, { candidate: { notAfter } }) =>
        notAfter && notAfter.getTime() - now.getTime() < urgentMs ? paint('red', text) : text,
    },
    { head: 'KEY', least: 10, givesWay: 7, cell: ({ candidate }) => candidate.key },
    {
      head: 'IN USE AT',
      least: 16,
      givesWay: 1,
      cell: ({ candidate: { targets } }) => {
        const [first, ...others] = targets;
        const more = others.length > 0 ? ` and ${others.length} more` : '';
        return oneLine(`${first?.name ?? ''}${more}`, longestText);
      },
    },
  ];
}
