import { expect } from 'vitest';
import { deployStage, foreignArn, installation, place } from './deploy-stage.ts';

const parameter = `/${installation}/shop/certificate-arn`;
export const balancer =
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/shop/1';

export type RetireStage = Awaited<ReturnType<typeof retireStage>>;

/** A deploy stage with a first version, and what the tests of retired places ask it. */
export async function retireStage(options: Parameters<typeof deployStage>[0] = {}) {
  const stage = deployStage(options);
  await stage.issue('v1');

  /** Besides the foreign one, in the order of their imports. */
  const heldArns = () => [...stage.acm.held.keys()].filter((arn) => arn !== foreignArn);

  /** Deployed and proven; somebody has then taken it off the listener, unless something uses it. */
  async function deployed(inUseBy: readonly string[] = []): Promise<string> {
    await stage.deploy();
    await stage.verify();
    const arn = (await stage.record()).imports[place]?.arn as string;
    stage.target.rebindByHand(foreignArn);
    stage.acm.setInUseBy(arn, inUseBy);
    return arn;
  }

  return {
    ...stage,
    heldArns,
    deployed,
    published: () => stage.publisher.published.get(parameter),
    /** A second one of another kind of key, before the first one could be deleted. */
    async deployedTwice(): Promise<readonly [first: string, second: string]> {
      const first = await deployed();
      await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
      await stage.deploy();
      stage.target.rebindByHand(foreignArn);
      return [first, heldArns().at(-1) as string];
    },
    async expectNothingLeft(): Promise<void> {
      expect(heldArns()).toEqual([]);
      expect([...stage.acm.held.keys()]).toEqual([foreignArn]);
      expect(stage.publisher.published.size).toBe(0);
      const { imports, deployments } = await stage.record();
      expect([imports, deployments]).toEqual([{}, {}]);
    },
  };
}
