import { CertkeepError } from '#shared/errors.ts';
import { batched, isAboutOne, unsent } from '../batched.ts';
import type { ElbPace } from '../elb-pace.ts';
import type { Elbv2Client, Elbv2Listener } from './client.ts';

/** The client that the targets of a place share: it sends calls in turn, and combines looks at many listeners. */
export type PacedElbv2 = Omit<Elbv2Client, 'listeners'> & {
  /** @throws CertkeepError ListenerNotFound */
  listener(arn: string): Promise<Elbv2Listener>;
};

/** "You can specify up to 20 load balancers in a single call" (API_DescribeLoadBalancers.html). */
const listenersAtOnce = 20;

export function pacedElbv2(client: Elbv2Client, pace: ElbPace): PacedElbv2 {
  return {
    listener: batched({
      size: listenersAtOnce,
      // A look describes the listeners, then their load balancers.
      ask: (arns) => pace.describe(() => client.listeners(arns), 2),
      isAboutOne,
      absent: (arn) => new CertkeepError('ListenerNotFound', `ELB: there is no listener ${arn}`),
    }),
    certificates: unsent((arn, sent) =>
      pace.describe(() => {
        sent();
        return client.certificates(arn);
      }),
    ),
    setDefault: (...given) => pace.change(() => client.setDefault(...given)),
    add: (...given) => pace.change(() => client.add(...given)),
    tags: (arns) => pace.describe(() => client.tags(arns)),
    tag: (...given) => pace.change(() => client.tag(...given)),
    remove: (...given) => pace.change(() => client.remove(...given)),
  };
}
