import type { Clock } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { TargetIdentity } from '../../resources.ts';
import type { Target } from '../target.ts';
import { untilCertificateKnown, untilShown } from '../until-known.ts';
import type { ClbClient } from './client.ts';

export type ClbOptions = {
  readonly identity: TargetIdentity;
  readonly loadBalancer: string;
  readonly port: number;
  readonly client: ClbClient;
  readonly clock: Clock;
};

/** The one certificate of an HTTPS or SSL listener of a Classic Load Balancer. */
export function clbTarget({ identity, loadBalancer, port, client, clock }: ClbOptions): Target {
  const name = `${loadBalancer}:${port}`;
  return {
    key: identity.key,
    place: identity.place,
    async look() {
      const { host, certificateArn } = await client.listener(loadBalancer, port);
      if (certificateArn === null) {
        throw new CertkeepError('ListenerNotFound', `${name} is not an HTTPS or SSL listener`);
      }
      return {
        name,
        endpoint: { host, port },
        arns: [certificateArn],
        replacedArn: certificateArn,
      };
    },
    async bind(arn) {
      const isBound = async () =>
        (await client.listener(loadBalancer, port)).certificateArn === arn;
      if (await isBound()) return;
      await untilCertificateKnown(clock, () => client.setCertificate(loadBalancer, port, arn));
      await untilShown(clock, `the new certificate of ${name}`, isBound);
    },
    async unbind() {
      throw new CertkeepError('ListenerRefused', `${name} must have a certificate`);
    },
  };
}
