import type { Held } from '#shared/targets/target.ts';
import type { HeldCertificate } from '../import/acm.ts';
import type { HeldAt } from '../import/held-once.ts';
import type { ChoiceCertificate, ListenerHoldings } from './choice.ts';

/** What a load balancer chooses by, of everything that a listener holds. ACM is asked for each certificate. */
export async function holdingsOf(held: Held, heldAt: HeldAt): Promise<ListenerHoldings> {
  const list: ChoiceCertificate[] = [];
  for (const arn of held.list) list.push(await candidateAt(arn, heldAt));
  const standard = held.default === null ? null : await candidateAt(held.default, heldAt);
  return { default: standard, list };
}

async function candidateAt(arn: string, heldAt: HeldAt): Promise<ChoiceCertificate> {
  return candidateOf(arn, await heldAt(arn));
}

/** Of an IAM server certificate, and of what is gone from ACM, nothing is known. */
export function candidateOf(arn: string, held: HeldCertificate | null): ChoiceCertificate {
  return {
    arn,
    names: held && held.names.length > 0 ? held.names : null,
    keyFamily: held?.keyFamily ?? null,
    keyBits: held?.keyBits ?? null,
    hashBits: held?.hashBits ?? null,
    notBefore: held?.notBefore ?? null,
    notAfter: held?.notAfter ?? null,
  };
}
