import type { Held } from '#shared/targets/target.ts';
import type { HeldCertificate } from '../import/acm.ts';
import type { HeldAt } from '../import/held-once.ts';
import type { ChoiceCertificate, ListenerHoldings } from './choice.ts';

/** Collects the properties by which a load balancer chooses, for every certificate of a listener. ACM is asked for each. */
export async function holdingsOf(held: Held, heldAt: HeldAt): Promise<ListenerHoldings> {
  const list: ChoiceCertificate[] = [];
  for (const arn of held.list) list.push(await candidateAt(arn, heldAt));
  const standard = held.default === null ? null : await candidateAt(held.default, heldAt);
  return { default: standard, list };
}

async function candidateAt(arn: string, heldAt: HeldAt): Promise<ChoiceCertificate> {
  return candidateOf(arn, await heldAt(arn));
}

/** Nothing is known about an IAM server certificate, or a certificate that is gone from ACM. */
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
