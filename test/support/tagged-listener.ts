import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { importCertificate } from '#local/demo/landscape/certificates.ts';
import type { Place } from '#shared/place.ts';
import { type OtherStack, otherStack } from './other-stack.ts';
import type { World } from './world.ts';

/** A listener of somebody else, which its owner tags. */
export type TaggedListener = OtherStack & {
  /** The certificate that its owner has bound. */
  readonly own: string;
  tag(tags: Readonly<Record<string, string>>): Promise<void>;
  /** Its owner empties the list. */
  reset(): Promise<void>;
  untag(...keys: readonly string[]): Promise<void>;
  held(): Promise<{ readonly default: string | undefined; readonly list: readonly string[] }>;
};

const homePlace: Place = { account: homeAccount, region: 'us-east-1' };

export async function taggedListener(
  world: World,
  name: string,
  place = homePlace,
): Promise<TaggedListener> {
  const elb = new ElasticLoadBalancingV2(operatorClient(world.cloud, place.region, place.account));
  const made = await makeCertificate({ names: ['theirs.example.net'], now: world.clock.now() });
  const own = await importCertificate(world.cloud, place, made, {});
  const stack = await otherStack(world, name, own, place);
  const ResourceArns = [stack.listener];

  async function held() {
    const asked = { ListenerArn: stack.listener };
    const { Certificates = [] } = await elb.describeListenerCertificates(asked);
    const arns = (isDefault: boolean) =>
      Certificates.filter((each) => each.IsDefault === isDefault).flatMap(
        ({ CertificateArn }) => CertificateArn ?? [],
      );
    return { default: arns(true)[0], list: arns(false) };
  }

  return {
    ...stack,
    own,
    held,
    async reset() {
      for (const CertificateArn of (await held()).list) {
        const Certificates = [{ CertificateArn }];
        await elb.removeListenerCertificates({ ListenerArn: stack.listener, Certificates });
      }
    },
    async tag(tags) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await elb.addTags({ ResourceArns, Tags });
    },
    async untag(...TagKeys) {
      await elb.removeTags({ ResourceArns, TagKeys: [...TagKeys] });
    },
  };
}
