import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { problemOf } from './issuers/acme/problem.ts';

/**
 * Whose failure it is. `theirs`: the CA failed, and another one might not. `limited`: it works and asks for
 * patience. `ours`: it works, and refuses what every CA would: names, DNS, CAA, policy. `nobodys`: it was
 * not come to yet, or is still at work.
 */
export type Fault = 'theirs' | 'limited' | 'ours' | 'nobodys';

const faults: Partial<Readonly<Record<ErrorName, Fault>>> = {
  IssuerUnreachable: 'theirs',
  IssuerAnswerInvalid: 'theirs',
  CertificateRejected: 'theirs',
  OrderStuck: 'theirs',
  OrderForgotten: 'theirs',
  IssuerRateLimited: 'limited',
  // Nobody asked it, since it would have refused.
  BudgetSpent: 'limited',
  IssuerRefused: 'ours',
  OrderInvalid: 'ours',
};

export function faultOf(error: unknown): Fault {
  if (!(error instanceof CertkeepError)) return 'nobodys';
  const fault = faults[error.name] ?? 'nobodys';
  // An order may end by the CA's own failure: RFC 8555 §6.7 has one type for that.
  return fault === 'ours' && problemOf(error)?.type === 'serverInternal' ? 'theirs' : fault;
}
