import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { RevocationCode } from '#shared/revocation-codes.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { wrapped } from '../../text/width.ts';

export type Revocation = {
  readonly id: string;
  readonly code: RevocationCode;
  /** The id or the serial that a person gave; the version in service unless given. */
  readonly version: string | undefined;
  /** Null where nobody could read it. */
  readonly record: CertificateRecord | null;
  /** Null where that is not known. */
  readonly targets: number | null;
  /** The charges of the new certificate to the limits of its CA; null where none is issued. */
  readonly takes: readonly string[] | null;
};

const longest = { word: 200, text: 600 };

/** Says in its order what a revocation leads to, before a person decides. Pure. */
export function revocationPlan(revocation: Revocation, width: number): readonly string[] {
  const { id, takes } = revocation;
  const name = oneLine(id, longest.word);
  const which = versionText(revocation);
  const said = (text: string) => wrapped(oneLine(text, longest.text), width);
  if (takes === null) {
    return [
      ...said(`This cannot be undone: the CA revokes ${which} of ${name}.`),
      ...said('Nothing new is issued: another certificate, with another key, is in service.'),
      ...said('Clients that check revocation refuse the revoked one wherever it is still used.'),
    ];
  }
  const [first, second, third] = [
    `Have a new certificate, with a new key, issued for ${name}. It takes${takes.length > 0 ? ':' : ' nothing of a limit that certkeep knows.'}`,
    servedText(revocation),
    `Then have the CA revoke ${which} (${revocation.code}).`,
  ];
  return [
    'This cannot be undone. certkeep will, in this order:',
    ...numbered(1, first, width),
    ...takes.flatMap((take) => below(take, width)),
    ...numbered(2, second, width),
    ...numbered(3, third, width),
    ...said(
      'Clients get the old certificate until the new one is served, and see no gap. Those that check revocation refuse the old one after that, wherever it is still used.',
    ),
  ];
}

function versionText({ record, version }: Revocation): string {
  const found = record?.versions.find(({ id, serial }) =>
    version === undefined ? id === record.desired : [id, serial].includes(version),
  );
  if (!found) return version === undefined ? 'the one in service' : oneLine(version, longest.word);
  const { notAfter, serial } = found;
  return `${oneLine(serial, longest.word)}, valid until ${notAfter.slice(0, 10)}`;
}

function servedText({ targets }: Revocation): string {
  if (targets === 0) {
    return 'Store it, and give the servers that read the secret six hours to fetch it: it has no targets.';
  }
  const where = targets === null ? 'its targets' : targetsText(targets);
  return `Bind it at ${where}, and wait for the proof that clients get it there: as a rule minutes, six hours for an endpoint that cannot be asked.`;
}

function targetsText(count: number): string {
  return count === 1 ? 'its target' : `its ${count} targets`;
}

const indent = 5;

function numbered(number: number, text: string, width: number): readonly string[] {
  return wrapped(oneLine(text, longest.text), width - indent).map((line, index) =>
    index === 0 ? `  ${number}. ${line}` : ' '.repeat(indent) + line,
  );
}

function below(text: string, width: number): readonly string[] {
  const room = width - indent - 2;
  return wrapped(oneLine(text, longest.text), room).map((line) => ' '.repeat(indent + 2) + line);
}
