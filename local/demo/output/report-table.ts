import type { CertificateReport, TargetReport } from '../report.ts';
import { table } from './table.ts';

export function reportTable(certificates: readonly CertificateReport[]): string {
  const head = [
    'certificate',
    'why',
    'issuer',
    'old serial -> new serial',
    'where served',
    'seconds',
  ];
  const rows = certificates.flatMap((certificate) => {
    const { id, reason, issuer, seconds } = certificate;
    const [first = 'no targets', ...others] = certificate.targets.map(where);
    const duration = seconds === null ? '' : seconds.toFixed(1);
    return [
      [id, reason, issuer, serials(certificate), first, duration],
      ...others.map((other) => ['', '', '', '', other, '']),
    ];
  });
  return table([head, ...rows]);
}

function serials({ issued, oldSerial, newSerial }: CertificateReport): string {
  if (!issued) return `${short(oldSerial)} (unchanged)`;
  return `${short(oldSerial)} -> ${short(newSerial)}`;
}

function where({ kind, name, port, serial, served }: TargetReport): string {
  const mark = served ? 'yes' : 'NO';
  return `${kind} ${name}:${port} ${short(serial)} ${mark}`;
}

/** Enough to compare by eye; the full serials are in the JSON and the story. */
function short(serial: string | null): string {
  return serial === null ? 'none' : `${serial.slice(0, 4)}..${serial.slice(-4)}`;
}
