import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { listenerArn } from './fleet.ts';
import { now } from './healthy.ts';

const home = { account: '123456789012', region: 'us-east-1' };

/** The default certificate of the listener of a load balancer with that name. */
export function albTargetOf(
  name: string,
  place = home,
): Extract<TargetConfig, { readonly type: 'alb' }> {
  return { type: 'alb', listener: listenerArn(name, '1', place), certificate: 'default' };
}

/** The entry of a target that serves version `v1`. */
export function deployedAt(
  target: TargetConfig,
  { name, notAfter }: { readonly name: string; readonly notAfter: Date },
): CertificateRecord['deployments'] {
  const { key } = identityOf(target, home, 'shop');
  const at = now.toISOString();
  return {
    [key]: {
      ...{ state: 'proven', place: `${home.account}/${home.region}`, versionId: 'v1' },
      ...{ arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1', previous: null },
      ...{ baselineSerial: null, changedAt: at, provenAt: at, nextProbeAt: null, failure: null },
      servedUntil: notAfter.toISOString(),
      endpoint: { name, host: 'web.example.com', port: 443, lookedAt: at },
      probe: {
        ...{ at, host: 'web.example.com', port: 443, outcome: 'proven', serial: '0A' },
        ...{ detail: '', fingerprintSha256: '00' },
      },
    },
  };
}
