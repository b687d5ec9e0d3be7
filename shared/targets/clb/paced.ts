import { CertkeepError } from '#shared/errors.ts';
import { batched, isAboutOne } from '../batched.ts';
import type { ElbPace } from '../elb-pace.ts';
import type { ClbBalancer, ClbClient } from './client.ts';

/** The client that the targets of a place share: it sends calls in turn, and combines looks at many load balancers. */
export type PacedClb = Omit<ClbClient, 'balancers'> & {
  /** @throws CertkeepError ListenerNotFound */
  balancer(name: string): Promise<ClbBalancer>;
};

const balancersAtOnce = 20;

export function pacedClb(client: ClbClient, pace: ElbPace): PacedClb {
  return {
    balancer: batched({
      size: balancersAtOnce,
      ask: (names) => pace.describe(() => client.balancers(names)),
      isAboutOne,
      absent: (name) => new CertkeepError('ListenerNotFound', `ELB: there is no ${name}`),
    }),
    tags: (name) => pace.describe(() => client.tags(name)),
    tag: (...given) => pace.change(() => client.tag(...given)),
    setCertificate: (...given) => pace.change(() => client.setCertificate(...given)),
  };
}
