import type { Finding } from '#shared/schema/finding.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';
import { normalizeName } from '../../names.ts';
import { isPublicAuthority, seemsPrivate } from '../issuers/known-authorities.ts';

/** The rules of the public Web PKI apply to CAs that must keep them; other CAs issue for internal names too. */
export function publicNamesAreIssued(draft: Draft): readonly Finding[] {
  return privateNames(draft, ({ issuers }) => {
    const name = issuers.find(({ value }) => isPublicAuthority(draft.issuerConfigs.get(value)));
    if (!name) return null;
    return (message, fix) => ({
      message,
      fix: `${fix} A private CA would accept it, but ${name.value} is a public one.`,
    });
  });
}

/** An internal name may also be a typo in a top-level domain. */
export function privateNamesAreMeant(draft: Draft): readonly Finding[] {
  return privateNames(draft, ({ issuers }) => {
    const open = issuers.find(({ value }) => !seemsPrivate(draft.issuerConfigs.get(value)));
    if (!open) return null;
    return (message) => ({
      message: `${message}. certkeep accepts it, because it does not know ${open.value} as a public CA`,
      fix: 'Nothing, if that CA issues for it. Otherwise correct the name.',
    });
  });
}

type Words = Pick<Finding, 'message' | 'fix'>;

function privateNames(
  { certificates }: Draft,
  wordsFor: (certificate: CertificateDraft) => ((message: string, fix: string) => Words) | null,
): readonly Finding[] {
  return certificates.flatMap((certificate) => {
    const words = wordsFor(certificate);
    if (words === null) return [];
    return certificate.names.flatMap(({ at, value }) => {
      const result = normalizeName(value);
      if (result.ok) return [];
      return [
        {
          path: ['certificates', certificate.id, 'names', at],
          ...words(result.message, result.fix),
        },
      ];
    });
  });
}
