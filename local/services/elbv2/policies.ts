import type { TlsVersions } from '../../load-balancers/tls-contexts.ts';
import { AwsError } from '../../wire/service.ts';

/** What the API takes where none is given (describe-ssl-policies.html): no TLS 1.3. */
export const defaultPolicy = 'ELBSecurityPolicy-2016-08';

export function checkPolicy(policy: string): void {
  if (/^ELBSecurityPolicy-[\w-]+$/.test(policy)) return;
  throw new AwsError('SSLPolicyNotFoundException', `SSL policy '${policy}' not found`);
}

/** Read off the policy's name; TLS 1.0 and 1.1, which some still allow, are not offered here. */
export function versionsOf(policy: string): TlsVersions {
  const hasTls13 = policy.includes('TLS13');
  const onlyTls13 = policy.includes('TLS13-1-3');
  return { min: onlyTls13 ? 'TLSv1.3' : 'TLSv1.2', max: hasTls13 ? 'TLSv1.3' : 'TLSv1.2' };
}
