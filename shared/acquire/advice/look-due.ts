import { desiredVersion } from '#shared/ledger/record/record.ts';
import type { Situation } from '../renewal/rules.ts';
import { fallbackDue } from './fallbacks.ts';
import { noRecalls } from './recalls.ts';
import { renewalInfoDue } from './renewal-info.ts';
import { revocationDue } from './revocation.ts';

export type Look = 'renewal-info' | 'revocation' | 'fallback';

/** Returns the questions about the certificate in service that are due now. */
export function lookDue(situation: Situation): readonly Look[] {
  const { record, issuers, recalls = noRecalls, now } = situation;
  const version = desiredVersion(record);
  if (!version) return [];
  return [
    ...(renewalInfoDue(record, version, { issuers, recalls, now })
      ? (['renewal-info'] as const)
      : []),
    ...(revocationDue(record, version, { recalls, now }) ? (['revocation'] as const) : []),
    ...(fallbackDue(situation) ? (['fallback'] as const) : []),
  ];
}
