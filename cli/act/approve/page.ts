import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { type Column, table } from '../../text/table.ts';
import { wrapped } from '../../text/width.ts';

export type Discovered = NonNullable<Status['discovered']>[number];

/** Whoever may tag a resource has written these texts. */
export const longest = { id: 64, arn: 300, reason: 300 };

const columns: readonly Column<Discovered>[] = [
  { head: 'STATE', least: 9, givesWay: 5, cell: ({ state }) => state },
  {
    head: 'CERTIFICATE',
    least: 12,
    givesWay: 3,
    cell: ({ certificate }) => oneLine(certificate, longest.id),
  },
  {
    head: 'POSITION',
    least: 8,
    givesWay: 4,
    cell: ({ position = 'sni' }) => oneLine(position, longest.id),
  },
  { head: 'PLACE', least: 12, givesWay: 2, cell: ({ place }) => place },
];

/** Returns a row for each resource, with its whole ARN below, which people copy. Pure. */
export function discoveredPage(
  discovered: readonly Discovered[],
  width: number,
): readonly string[] {
  if (discovered.length === 0) return ['Nothing carries the tag certkeep:certificate.'];
  const [head = '', ...rows] = table(columns, discovered, width);
  return [
    head,
    ...rows.flatMap((row, index) => {
      const { arn = '', reason } = discovered[index] ?? {};
      const why = reason ? wrapped(oneLine(reason, longest.reason), width - 2) : [];
      return [row, `  ${oneLine(arn, longest.arn)}`, ...why.map((line) => `  ${line}`)];
    }),
  ];
}
