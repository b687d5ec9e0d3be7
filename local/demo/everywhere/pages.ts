import { type Column, table } from '#cli/text/table.ts';
import { folded } from '#cli/text/width.ts';
import type { CertificateReport, TargetReport } from '../report.ts';
import type { Debt } from './debt.ts';
import { type Everywhere, wrongWith } from './outcome.ts';

type Row = { readonly place: string; readonly target: TargetReport };

const columns: readonly Column<Row>[] = [
  { head: 'PLACE', least: 14, givesWay: 2, cell: ({ place }) => place },
  { head: 'TARGET', least: 11, givesWay: 9, cell: ({ target }) => target.kind },
  { head: 'WHERE', least: 12, givesWay: 1, cell: ({ target }) => whereText(target) },
  { head: 'ASKED', least: 5, givesWay: 9, cell: ({ target }) => (target.asked ? 'yes' : 'no') },
  { head: 'SERVES', least: 10, givesWay: 9, cell: ({ target }) => servesText(target) },
];

/** Every target by its account and region, whether it could be asked, and what it serves. */
export function targetTable(certificates: readonly CertificateReport[], width: number): string {
  const targets = certificates
    .flatMap((certificate) => certificate.targets)
    .toSorted((one, other) => one.place.localeCompare(other.place));
  const rows = targets.map((target, at) => ({
    target,
    place: targets[at - 1]?.place === target.place ? '' : target.place,
  }));
  return table(columns, rows, width).join('\n');
}

function whereText({ name, port }: TargetReport): string {
  return port === null ? name : `${name}:${port}`;
}

function servesText({ served, serial }: TargetReport): string {
  // Its answers differ, or clients with these keys get none.
  if (serial === null) return 'not yet';
  return served ? `${serial.slice(0, 4)}..${serial.slice(-4)}` : 'another';
}

/** The conditions of the targets that wait, each below its target. */
export function debtText(debts: readonly Debt[], width: number): string {
  const told = debts.map(({ about, message, since }) => {
    const text = `  ${about}, since ${since.slice(11, 19)}:\n    ${message}`;
    return folded(text, width);
  });
  return ['In status.json, as Deployed: false:', ...told].join('\n');
}

/** How the play ended: the table, and below it a fact in each line. */
export function endPage(everywhere: Everywhere, width: number): string {
  const { orders, played, refused } = everywhere;
  const targets = played.certificates.flatMap((certificate) => certificate.targets);
  const silent = targets.filter(({ asked }) => !asked);
  const { calls, caughtUpAfterMs, region } = refused;
  const caughtUp =
    caughtUpAfterMs === null
      ? `${region} has not caught up.`
      : `${region} refused ${calls} calls, and caught up ${(caughtUpAfterMs / 1_000).toFixed(1)} s after it came back.`;
  return [
    targetTable(played.certificates, width),
    '',
    `The CA has had ${orders.length === 1 ? 'one order' : `${orders.length} orders`} for ${targets.length} targets.`,
    ...silent.map(({ name }) => `${name} names no endpoint to ask: it holds the certificate.`),
    caughtUp,
    ...wrongWith(everywhere).map((wrong) => `Not as promised: ${wrong}.`),
  ].join('\n');
}
