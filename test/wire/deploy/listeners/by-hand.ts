import { AwsError, ask, type Call } from 'local-cloud/wire/service.ts';
import { type DeployLab, home } from '#test/support/deploy-lab.ts';
import type { HandChange, Story } from './act.ts';

export const person: Call = { ...home, accessKeyId: 'AKIALOCALOPERATOR' };

type Doing = { by: HandChange['do']; resource: string; port: number; arn: string };

export function changeByHand(
  lab: DeployLab,
  { kind }: Story,
  { by, resource, port, arn }: Doing,
): void {
  if (kind === 'clb') {
    const input = { LoadBalancerName: resource, LoadBalancerPort: port, SSLCertificateId: arn };
    ask(lab.classic, 'SetLoadBalancerListenerSSLCertificate', input, person);
    return;
  }
  ask(
    lab.v2,
    operations[by],
    { ListenerArn: resource, Certificates: [{ CertificateArn: arn }] },
    person,
  );
}

const operations = {
  'set-default': 'ModifyListener',
  list: 'AddListenerCertificates',
  unlist: 'RemoveListenerCertificates',
  'unlist-ours': 'RemoveListenerCertificates',
} as const satisfies Record<HandChange['do'], string>;

/** What ELB refuses, a person gives up. */
export function isTaken(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
