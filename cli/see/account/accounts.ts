import type { Config } from '#shared/config/config.ts';
import { accountSecret } from '#shared/installation.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { sameDirectory } from '#shared/issuers/same-directory.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import type { Status } from '#shared/status/status-schema.ts';

/** An account at a CA. Issuers with the same directory and the same external account share one. */
export type Account = {
  /** Names its key, as in the name of the secret. */
  readonly id: string;
  readonly issuers: readonly string[];
  /** The usual name of the CA; null where certkeep does not know it. */
  readonly ca: string | null;
  readonly directory: string;
  readonly contacts: readonly string[];
  /** The secret of the external account to which it is bound; null where it is bound to none. */
  readonly externalAccount: string | null;
  /** The secret that holds its key. */
  readonly secret: string;
  /** The certificates that name one of the issuers. */
  readonly certificates: readonly string[];
};

/** An account with what the records and the CA say of it. */
export type SeenAccount = Account & {
  readonly url: string | null;
  /** The name of the CA in CAA records. */
  readonly caaIdentity: string | null;
};

type Configured = Pick<Config, 'certificates' | 'installation' | 'issuers'>;

/** The accounts of a configuration, in the order of its issuers. */
export function accountsIn({
  certificates,
  installation,
  issuers,
}: Configured): readonly Account[] {
  return [...Map.groupBy(Object.entries(issuers), ([, issuer]) => accountKeyName(issuer))].flatMap(
    ([id, list]) => {
      const [[, first] = []] = list;
      if (!first) return [];
      const { directory, externalAccountBinding } = first;
      const names = list.map(([name]) => name);
      return {
        ...{ id, issuers: names, directory },
        ca: knownDirectory(directory)?.title ?? null,
        contacts: [...new Set(list.flatMap(([, { contact }]) => contact))],
        externalAccount: externalAccountBinding?.secret ?? null,
        secret: accountSecret(installation, id),
        certificates: certificates
          .filter((each) => each.issuers.some((name) => names.includes(name)))
          .map(({ id }) => id),
      };
    },
  );
}

/** The certificates whose records may name the URL of an account, the likeliest first. */
export function witnessesOf(
  { certificates, issuers }: Account,
  status: Pick<Status, 'certificates'>,
): readonly string[] {
  const lines = new Map(status.certificates.map((each) => [each.id, each]));
  const rank = (id: string) => {
    const { endsAt = null, issuer = null } = lines.get(id) ?? {};
    return issuer !== null && issuers.includes(issuer) ? (endsAt ?? '') : '';
  };
  return certificates.toSorted((one, other) => rank(other).localeCompare(rank(one), 'en'));
}

/** The URL of the account with which the latest of these certificates was issued; null where none was. */
export function accountUrlIn(
  account: Pick<Account, 'directory' | 'issuers'>,
  records: readonly Pick<CertificateRecord, 'versions'>[],
  { issuers }: Pick<Config, 'issuers'>,
): string | null {
  const [latest] = records
    .flatMap(({ versions }) => versions)
    .filter((version) => isIssuedBy(version, account, issuers))
    .toSorted((one, other) => Date.parse(other.issuedAt) - Date.parse(one.issuedAt));
  return latest?.origin?.account ?? null;
}

/** An issuer may have been renamed since; a name of today may belong to another account of the same CA. */
function isIssuedBy(
  { issuer, origin }: Version,
  account: Pick<Account, 'directory' | 'issuers'>,
  issuers: Config['issuers'],
): boolean {
  if (!sameDirectory(origin?.directory, account.directory)) return false;
  return account.issuers.includes(issuer) || issuers[issuer] === undefined;
}
