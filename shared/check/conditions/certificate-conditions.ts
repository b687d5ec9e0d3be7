import type { Condition } from '#shared/status/condition.ts';
import {
  followedFinding,
  issuedFinding,
  renewableFindings,
  revokedBeforeFindings,
  revokingFindings,
  unchallengedFinding,
} from './acquired.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { placeFindings, targetFindings } from './deployed.ts';
import { type Finding, settled } from './finding.ts';
import { copyFindings, storedFinding } from './kept.ts';

/** Each says something of a certificate by itself; together they are all that is said of it. */
const rules: readonly ((facts: CertificateFacts) => readonly Finding[])[] = [
  (facts) => [issuedFinding(facts)],
  revokedBeforeFindings,
  revokingFindings,
  storedFinding,
  renewableFindings,
  targetFindings,
  placeFindings,
  copyFindings,
  (facts) => [followedFinding(facts)],
  (facts) => [unchallengedFinding(facts)],
];

/** The conditions of a certificate; `before` are those of the last look, which know since when. */
export function certificateConditions(
  facts: CertificateFacts,
  before: readonly Condition[],
): readonly Condition[] {
  const findings = rules.flatMap((rule) => rule(facts));
  return settled(findings, before, facts.now);
}
