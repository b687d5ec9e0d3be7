import { CertkeepError } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import { checkUnchanged, untilCertificateKnown, untilShown } from '../until-known.ts';
import type { PacedClb } from './paced.ts';

export type ClbOptions = {
  readonly identity: TargetIdentity;
  readonly loadBalancer: string;
  readonly port: number;
  readonly client: PacedClb;
  readonly clock: Clock;
};

/** One HTTPS or SSL listener of a Classic Load Balancer, which has one certificate. */
export function clbTarget({ identity, loadBalancer, port, client, clock }: ClbOptions): Target {
  const name = `${loadBalancer}:${port}`;

  async function listener() {
    const { host, certificateArns, isInternal } = await client.balancer(loadBalancer);
    const certificateArn = certificateArns.get(port);
    if (certificateArn !== undefined) return { host, isInternal, certificateArn };
    throw new CertkeepError('ListenerNotFound', `ELB: ${loadBalancer} has no listener on ${port}`);
  }

  return {
    key: identity.key,
    place: identity.place,
    listener: identity.listener,
    position: 'default',
    async look() {
      const { host, certificateArn, isInternal } = await listener();
      if (certificateArn === null) {
        throw new CertkeepError('ListenerNotFound', `${name} is not an HTTPS or SSL listener`);
      }
      return {
        name,
        endpoint: { host, port, ...(isInternal && { isInternal: true }) },
        kind: 'single',
        default: certificateArn,
        list: [],
      };
    },
    readHeld: async () => ({ default: (await listener()).certificateArn, list: [] }),
    // Only the load balancer has tags, so the port tells the listeners' marks apart.
    mark: (mark, value) => client.tag(loadBalancer, `${mark}:${port}`, value),
    async marks() {
      const all = Object.entries(await client.tags(loadBalancer));
      const own = all.filter(([key]) => key.endsWith(`:${port}`));
      return Object.fromEntries(
        own.map(([key, value]) => [key.slice(0, -`:${port}`.length), value]),
      );
    },
    tags: () => client.tags(loadBalancer),
    async arrange({ default: arn }, seen) {
      const first = (await listener()).certificateArn;
      if (arn === null || first === arn) return { default: first, list: [] };
      await untilCertificateKnown(clock, async (tries) => {
        const shown = tries === 1 ? first : (await listener()).certificateArn;
        checkUnchanged(name, shown, seen.default);
        await client.setCertificate(loadBalancer, port, arn);
      });
      const what = `the new certificate of ${name}`;
      const isBound = (shown: { readonly certificateArn: string | null }) =>
        shown.certificateArn === arn;
      const { certificateArn } = await untilShown(clock, what, listener, isBound);
      return { default: certificateArn, list: [] };
    },
  };
}
