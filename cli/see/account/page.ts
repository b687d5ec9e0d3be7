import { oneLine } from '#shared/text/plain-text.ts';
import { counted, listed } from '../../text/lists.ts';
import { bothNames } from '../../text/names.ts';
import { padded, wrapped } from '../../text/width.ts';
import type { Look } from '../status/page.ts';
import type { SeenAccount } from './accounts.ts';
import { type CaaRecords, readsParameters } from './caa-records.ts';

const longest = { record: 1_000, text: 600, word: 300 };

type Shown = {
  readonly accounts: readonly SeenAccount[];
  readonly caa: readonly CaaRecords[];
};

/** The lines of `certkeep account`: a block for each account, then the CAA records. Pure. */
export function accountPage(
  { accounts, caa }: Shown,
  look: Pick<Look, 'paint' | 'width'>,
): readonly string[] {
  const blocks = accounts.map((account) => accountLines(account, look));
  return [...blocks, caaLines(accounts, caa, look)]
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function accountLines(
  { ca, certificates, contacts, directory, externalAccount, issuers, secret, url }: SeenAccount,
  { paint, width }: Pick<Look, 'paint' | 'width'>,
): readonly string[] {
  const fields: readonly (readonly [string, string])[] = [
    ...(ca === null ? [] : [['CA', ca] as const]),
    ['directory', directory],
    ['account', url ?? 'not known: no certificate with it is in the records that were read'],
    ['contact', contacts.length > 0 ? contacts.join(', ') : 'none'],
    [
      'external',
      externalAccount === null
        ? 'no'
        : `bound by the secret ${externalAccount}, which is used once`,
    ],
    ['its key', `in the secret ${secret}`],
    ['used by', usedBy(certificates)],
  ];
  return [
    paint('bold', oneLine(issuers.join(', '), longest.text)),
    ...fields.flatMap(([name, value]) =>
      wrapped(oneLine(value, longest.text), width - room - 2).map(
        (line, index) => `  ${padded(index === 0 ? name : '', room)}${line}`,
      ),
    ),
  ];
}

const room = 'directory'.length + 2;

function usedBy(certificates: readonly string[]): string {
  if (certificates.length === 0) return 'no certificate';
  return `${counted(certificates.length, 'certificate')}: ${listed(certificates)}`;
}

/** The records stand alone on their lines, whole, so that people can copy them. */
function caaLines(
  accounts: readonly SeenAccount[],
  caa: readonly CaaRecords[],
  { paint, width }: Pick<Look, 'paint' | 'width'>,
): readonly string[] {
  if (caa.length === 0) return [];
  const named = accounts.filter(
    ({ caaIdentity, certificates }) => caaIdentity !== null && certificates.length > 0,
  );
  const unread = named.filter(({ directory }) => !readsParameters(directory));
  const unnamed = named.filter(({ directory, url }) => url === null && readsParameters(directory));
  const notes = [
    'With these, nobody else may issue for the names: if another CA does too, such as ACM, add its record (0 issue "amazon.com").',
    ...(unread.length === 0
      ? []
      : [
          `certkeep does not know that the CA of ${namesOf(unread)} reads accounturi and validationmethods (RFC 8657), and leaves them out.`,
        ]),
    ...(unnamed.length === 0
      ? []
      : [`accounturi of ${namesOf(unnamed)} is left out until the account is known.`]),
  ];
  return [
    paint('bold', 'CAA records'),
    ...notes.flatMap((note) => wrapped(oneLine(note, longest.text), width - 2)).map(indented),
    ...caa.flatMap(({ domain, records }) => [
      '',
      indented(bothNames(domain)),
      ...records.map((record) => indented(indented(oneLine(record, longest.record)))),
    ]),
  ];
}

function namesOf(accounts: readonly SeenAccount[]): string {
  return listed(accounts.flatMap(({ issuers }) => issuers));
}

function indented(line: string): string {
  return `  ${line}`;
}
