import type { TlsVersions } from '../../load-balancers/tls-contexts.ts';
import { AwsError } from '../../wire/service.ts';

/** The API's default (describe-ssl-policies.html), without TLS 1.3. */
export const defaultPolicy = 'ELBSecurityPolicy-2016-08';

export function checkPolicy(policy: string): void {
  if (/^ELBSecurityPolicy-[\w-]+$/.test(policy)) return;
  throw new AwsError('SSLPolicyNotFoundException', `SSL policy '${policy}' not found`);
}

/** Derived from the policy's name. TLS 1.0 and 1.1, which some policies still allow, are not offered here. */
export function versionsOf(policy: string): TlsVersions {
  const hasTls13 = policy.includes('TLS13');
  const onlyTls13 = policy.includes('TLS13-1-3');
  return { min: onlyTls13 ? 'TLSv1.3' : 'TLSv1.2', max: hasTls13 ? 'TLSv1.3' : 'TLSv1.2' };
}
