import type { Clock } from '#shared/clock.ts';
import type { TargetIdentity } from '../../resources.ts';
import type { Target } from '../target.ts';
import { checkUnchanged, untilCertificateKnown, untilShown } from '../until-known.ts';
import type { PacedAlb } from './paced.ts';

export type AlbOptions = {
  readonly identity: TargetIdentity;
  readonly listener: string;
  readonly certificate: 'default' | 'sni';
  readonly client: PacedAlb;
  readonly clock: Clock;
};

/** One HTTPS listener of an Application Load Balancer: its default certificate, or one of its SNI list. */
export function albTarget(options: AlbOptions): Target {
  const { identity, listener, client } = options;
  const target: Target = {
    key: identity.key,
    place: identity.place,
    async look() {
      const [found, held] = await Promise.all([
        client.listener(listener),
        client.certificates(listener),
      ]);
      const standard = held.default === null ? [] : [held.default];
      return {
        name: `${found.loadBalancerName}:${found.port}`,
        endpoint: { host: found.host, port: found.port },
        arns: [...standard, ...held.sni.filter((arn) => arn !== held.default)],
        replacedArn: options.certificate === 'default' ? held.default : null,
      };
    },
    bind: (arn, replaces) =>
      options.certificate === 'default'
        ? setDefault(options, arn, replaces)
        : swapSni(options, arn, replaces),
    unbind: (arn) => removeSni(options, arn),
  };
  return target;
}

async function setDefault(
  { client, clock, listener }: AlbOptions,
  arn: string,
  replaces: string | null,
): Promise<void> {
  const shown = async () => (await client.certificates(listener)).default;
  const isDefault = async () => (await shown()) === arn;
  const first = await shown();
  if (first === arn) return;
  await untilCertificateKnown(clock, async (tries) => {
    checkUnchanged(listener, tries === 1 ? first : await shown(), replaces);
    await client.setDefault(listener, arn);
  });
  await untilShown(clock, `the new default certificate of ${listener}`, isDefault);
}

/** The new one is in the list, read back, before the old one leaves it. */
async function swapSni(options: AlbOptions, arn: string, replaces: string | null): Promise<void> {
  const { client, clock, listener } = options;
  const isHeld = async () => {
    const held = await client.certificates(listener);
    return held.default === arn || held.sni.includes(arn);
  };
  if (!(await isHeld())) {
    await untilCertificateKnown(clock, () => client.add(listener, arn));
    await untilShown(clock, `the new certificate of ${listener}`, isHeld);
  }
  if (replaces !== null && replaces !== arn) await removeSni(options, replaces);
}

/** The default cannot be removed, and is not in question here. */
async function removeSni({ client, clock, listener }: AlbOptions, arn: string): Promise<void> {
  const isListed = async () => (await client.certificates(listener)).sni.includes(arn);
  const held = await client.certificates(listener);
  if (held.default === arn || !held.sni.includes(arn)) return;
  await client.remove(listener, arn);
  await untilShown(clock, `the removal from ${listener}`, async () => !(await isListed()));
}
