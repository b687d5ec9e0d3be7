import type { Clock } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { TargetIdentity } from '../../resources.ts';
import type { Target } from '../target.ts';
import { checkUnchanged, untilCertificateKnown, untilShown } from '../until-known.ts';
import type { PacedClb } from './paced.ts';

export type ClbOptions = {
  readonly identity: TargetIdentity;
  readonly loadBalancer: string;
  readonly port: number;
  readonly client: PacedClb;
  readonly clock: Clock;
};

/** The one certificate of an HTTPS or SSL listener of a Classic Load Balancer. */
export function clbTarget({ identity, loadBalancer, port, client, clock }: ClbOptions): Target {
  const name = `${loadBalancer}:${port}`;

  async function listener() {
    const { host, certificateArns } = await client.balancer(loadBalancer);
    const certificateArn = certificateArns.get(port);
    if (certificateArn !== undefined) return { host, certificateArn };
    throw new CertkeepError('ListenerNotFound', `ELB: ${loadBalancer} has no listener on ${port}`);
  }

  return {
    key: identity.key,
    place: identity.place,
    async look() {
      const { host, certificateArn } = await listener();
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
    async bind(arn, replaces) {
      const isBound = async () => (await listener()).certificateArn === arn;
      const first = (await listener()).certificateArn;
      if (first === arn) return;
      await untilCertificateKnown(clock, async (tries) => {
        const shown = tries === 1 ? first : (await listener()).certificateArn;
        checkUnchanged(name, shown, replaces);
        await client.setCertificate(loadBalancer, port, arn);
      });
      await untilShown(clock, `the new certificate of ${name}`, isBound);
    },
    async unbind() {
      throw new CertkeepError('ListenerRefused', `${name} must have a certificate`);
    },
  };
}
