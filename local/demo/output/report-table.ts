import { type Column, table } from '#cli/text/table.ts';
import type { CertificateReport, TargetReport } from '../report.ts';

/** A target of a certificate; the first one has the facts of the certificate beside it. */
type Row = {
  readonly certificate: CertificateReport | null;
  readonly target: TargetReport | null;
};

/** From this width on there is room for the serials, which only comparing needs. */
const withSerialsFrom = 110;

const columns: readonly Column<Row>[] = [
  { head: 'CERTIFICATE', least: 12, givesWay: 3, cell: ({ certificate }) => certificate?.id ?? '' },
  { head: 'WHY', least: 14, givesWay: 1, cell: ({ certificate }) => certificate?.reason ?? '' },
  { head: 'ISSUER', least: 8, givesWay: 2, cell: ({ certificate }) => certificate?.issuer ?? '' },
  { head: 'WHERE', least: 16, givesWay: 4, cell: ({ target }) => whereText(target) },
  { head: 'SERVED', least: 6, givesWay: 9, cell: servedText },
  { head: 'SECONDS', least: 7, givesWay: 9, cell: ({ certificate }) => secondsText(certificate) },
];

const serials: Column<Row> = {
  head: 'SERIAL',
  least: 24,
  givesWay: 9,
  cell: ({ certificate, target }) =>
    certificate ? serialsText(certificate) : short(target?.serial ?? null),
};

/** What failed stands last. */
export function reportTable(certificates: readonly CertificateReport[], width: number): string {
  const ordered = [...certificates].toSorted((a, b) => Number(b.served) - Number(a.served));
  const rows = ordered.flatMap((certificate): Row[] => {
    const [first = null, ...others] = certificate.targets;
    return [
      { certificate, target: first },
      ...others.map((target) => ({ certificate: null, target })),
    ];
  });
  const [id, why, issuer, ...rest] = columns as [Column<Row>, Column<Row>, Column<Row>];
  const shown = width >= withSerialsFrom ? [id, why, issuer, serials, ...rest] : columns;
  return table(shown, rows, width).join('\n');
}

function whereText(target: TargetReport | null): string {
  if (!target) return 'no targets';
  return target.port === null ? target.name : `${target.name}:${target.port}`;
}

function servedText({ certificate, target }: Row): string {
  return (target ?? certificate)?.served ? 'yes' : 'NO';
}

function secondsText(certificate: CertificateReport | null): string {
  return certificate?.seconds?.toFixed(1) ?? '';
}

function serialsText({ issued, oldSerial, newSerial }: CertificateReport): string {
  if (!issued) return `${short(oldSerial)} (unchanged)`;
  return `${short(oldSerial)} -> ${short(newSerial)}`;
}

/** Enough to compare by eye; the full serials are in the JSON and the story. */
function short(serial: string | null): string {
  return serial === null ? 'none' : `${serial.slice(0, 4)}..${serial.slice(-4)}`;
}
