import { replaceable } from '#shared/acquire/advice/renewal-info.ts';
import { fits } from '#shared/acquire/decide.ts';
import type { Reason, Situation } from '#shared/acquire/renewal/rules.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { putAside } from '#shared/ledger/record/chosen.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { chargesOf, standingOf } from '#shared/rate-limits/charges.ts';
import type { Candidate, Urgency } from './order-schedule.ts';

/** An order that may have to wait for the limits of its CA. */
export type WantedOrder = Candidate & {
  readonly issuer: string;
  /** True if another issuer could replace the one that it would ask. */
  readonly hasOtherIssuers: boolean;
};

/** Returns the order that a certificate would make at `from`, from the issuer that it would ask. */
export function candidateOf(
  { certificate, issuers, record }: Situation,
  { urgency, from }: Pick<Candidate, 'urgency' | 'from'>,
): WantedOrder {
  const { attempt } = record;
  const name = attempt && fits(attempt, certificate) ? attempt.issuer : certificate.issuers[0];
  const config = issuers[name ?? ''] as IssuerConfig;
  const version = desiredVersion(record);
  const replaced = putAside(record) ?? version;
  const replaces = replaced !== null && replaceable(replaced, certificate, config) !== null;
  const standing = standingOf(certificate, config, record, { replaces, now: from });
  return {
    certificate: certificate.id,
    issuer: name ?? '',
    directory: config.directory,
    charges: chargesOf(certificate, { name: name ?? '', config }, standing),
    urgency,
    endsAt: version?.notAfter ?? null,
    from,
    hasOtherIssuers: certificate.issuers.length > 1,
  };
}

export function urgencyOf({ rule, canWait }: Reason): Urgency {
  if (canWait) return 'routine';
  switch (rule) {
    case 'missing':
    case 'names-changed':
    case 'key-changed':
    case 'issuer-changed':
    case 'profile-changed':
      return 'wanted';
    default:
      return 'urgent';
  }
}
