/**
 * Causes that many certificates share: an issuer that is down, a role that is refused, a region that lags. People hear of
 * the cause once, with a count. What is not here concerns its certificate.
 */
const shared = {
  issuer: [
    'BudgetSpent',
    'ExternalAccountRefused',
    'ExternalAccountUnreadable',
    'IssuerAnswerInvalid',
    'IssuerRateLimited',
    'IssuerRefused',
    'IssuerUnreachable',
    'OrderForgotten',
    'OrderStuck',
    'OrderTimedOut',
    'ProfileUnavailable',
    'RevocationListInvalid',
    'RevocationListUnavailable',
  ],
  dns: [
    'DnsChangeRefused',
    'DnsChangeTimedOut',
    'DnsCredentialsRefused',
    'DnsCredentialsUnreadable',
    'DnsRateLimited',
    'DnsServiceUnreachable',
  ],
  place: [
    'ImportLaneFull',
    'ImportQuotaReached',
    'PlaceNotReachable',
    'RightsNotProven',
    'ServiceDenied',
    'ServiceFailed',
    'ServiceThrottled',
  ],
  region: ['RegionBehind', 'BeingCopied', 'CopiesNotSeen'],
  Checking: ['RecordUnread'],
  Issuing: ['IssueOverdue', 'RenewalOverdue', 'RunOutOfTime'],
  Delivering: ['DeployOverdue'],
  Verifying: ['ProofOverdue'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Named = { readonly issuer?: string; readonly place?: string; readonly region?: string };

/** Returns the cause that certificates share, such as `issuer letsencrypt`; null where it is the certificate's own. */
export function scopeOf(reason: string, named: Named = {}): string | null {
  const found = Object.entries(shared).find(([, reasons]) =>
    reasons.some((each) => each === reason),
  );
  if (!found) return null;
  const [kind] = found;
  const name = Object.hasOwn(named, kind) ? named[kind as keyof Named] : undefined;
  return name === undefined ? kind : `${kind} ${name}`;
}
