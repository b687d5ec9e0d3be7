import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { CertificateManager, HeldCertificate } from './acm.ts';

export type HeldAt = (arn: string) => Promise<HeldCertificate | null>;

/** Asks ACM once for each ARN, one after the other: many listeners may hold one certificate, or each its own. */
export function heldOnce(
  acm: CertificateManager,
  { versions }: Pick<CertificateRecord, 'versions'>,
): HeldAt {
  const known = new Map<string, Promise<HeldCertificate | null>>();
  let last: Promise<unknown> = Promise.resolve();
  return (arn) => {
    const answer = known.get(arn) ?? last.then(() => acm.describe(arn, versions));
    known.set(arn, answer);
    last = answer.catch(() => undefined);
    return answer;
  };
}
