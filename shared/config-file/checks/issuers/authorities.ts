import { type KnownDirectory, knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { isStaging } from '#shared/issuers/staging.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';

/** Checks that an issuer has what its CA is known to require, or the CA would refuse it when a certificate is due. */
export function authoritiesGetTheirDue({ issuerConfigs }: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [name, issuer] of issuerConfigs) {
    const known = knownDirectory(issuer.directory);
    if (known?.externalAccount && !issuer.externalAccountBinding) {
      findings.push({
        path: ['issuers', name],
        message: `has no externalAccountBinding, which ${known.title} requires`,
        fix: 'Put kid and hmacKey of the CA into a secret, and its name under "externalAccountBinding:".',
      });
    }
    if (known?.contact && issuer.contact.length === 0) {
      findings.push({
        path: ['issuers', name],
        message: `has no contact, but ${known.title} issues nothing without one`,
        fix: 'Write "contact: [mailto:…]".',
      });
    }
  }
  return findings;
}

/** Checks that the CAs issue such a certificate: its number of names and its kind of key. */
export function authoritiesTakeCertificates(draft: Draft): readonly Finding[] {
  return eachPair(draft, (certificate, issuer, known) => {
    const path = ['certificates', certificate.id];
    const findings: Finding[] = [];
    const most = mostNames(issuer, known);
    if (certificate.names.length > most) {
      const profile = issuer.profile ? ` with the profile ${issuer.profile}` : '';
      findings.push({
        path: [...path, 'names'],
        value: '',
        message: `are ${certificate.names.length}, but ${known.title}${profile} allows ${most}`,
        fix: 'Make several certificates of them, or take another issuer or profile.',
      });
    }
    if (certificate.key && known.keys && !known.keys.includes(certificate.key)) {
      findings.push({
        path: [...path, 'key'],
        value: certificate.key,
        message: `is not a key that ${known.title} certifies`,
        fix: `Write one of: ${known.keys.join(', ')}; or take another issuer.`,
      });
    }
    return findings;
  });
}

/** The issuers of one certificate replace each other, so all of them must be public or all private. */
export function issuersAreOfOneKind({ certificates, issuerConfigs }: Draft): readonly Finding[] {
  return certificates.flatMap(({ issuers }) => {
    const kinds = issuers.flatMap(({ path, value: name }) => {
      const issuer = issuerConfigs.get(name);
      return issuer ? [{ path, staging: isStaging(issuer) }] : [];
    });
    const odd = kinds.find(({ staging }) => staging !== kinds[0]?.staging);
    if (!odd) return [];
    return [
      {
        path: odd.path,
        message: `is ${odd.staging ? 'a staging issuer' : 'no staging issuer'}, unlike the first of the list`,
        fix: 'Leave it out: a certificate of a staging issuer cannot replace one that clients trust.',
      },
    ];
  });
}

/** Warns of certificates that the CA bills, which may be intended. */
export function certificatesThatCost(draft: Draft): readonly Finding[] {
  return eachPair(draft, ({ id, names }, _issuer, known) => {
    if (!known.freeForOneName || isFree(names.map(({ value }) => value))) return [];
    return [
      {
        path: ['certificates', id, 'names'],
        value: '',
        message: `are more than the one name and its www. that ${known.title} certifies for free`,
        fix: 'Make sure that your account there pays for it, or take another issuer.',
      },
    ];
  });
}

function isFree(names: readonly string[]): boolean {
  const [apex = ''] = names.toSorted((a, b) => a.length - b.length);
  return names.every((name) => !name.startsWith('*.') && [apex, `www.${apex}`].includes(name));
}

function mostNames({ profile }: IssuerConfig, known: KnownDirectory): number {
  const ofProfile = profile === undefined ? undefined : known.mostNamesOf?.[profile];
  return ofProfile ?? known.mostNames ?? Number.POSITIVE_INFINITY;
}

function eachPair(
  { certificates, issuerConfigs }: Draft,
  find: (
    certificate: CertificateDraft,
    issuer: IssuerConfig,
    known: KnownDirectory,
  ) => readonly Finding[],
): readonly Finding[] {
  return certificates.flatMap((certificate) =>
    certificate.issuers.flatMap(({ value: name }) => {
      const issuer = issuerConfigs.get(name);
      const known = issuer && knownDirectory(issuer.directory);
      return issuer && known ? find(certificate, issuer, known) : [];
    }),
  );
}
