import { proofTag } from '#shared/deploy/rights-proof/attempt-proof.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from './fleet.ts';
import { startWorld, type World } from './world.ts';

const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

/** An installation in which deploy is asked to prove its rights at home. */
export async function proofStage(options: Parameters<typeof startWorld>[1] = {}) {
  const world = await startWorld(source, { mayDeny: true, ...options });
  const { account, region } = world.landscape.config.home;
  const place = `${account}/${region}`;

  const calls = (operation: string) =>
    world.cloud.faults.calls.filter((call) => call.operation === operation);

  return {
    world,
    place,
    calls,
    /** What deploy answers to the message; an error where the run fails. */
    async prove(work: object = {}) {
      const body = JSON.stringify({ kind: 'prove', place, ...work });
      const result = await world.dispatcher.invoke('deploy', { Records: [{ body }] });
      // Who is told is told before the clock goes on.
      await world.settle();
      return result.ok ? result.payload : result.error;
    },
    /** Of the throwaway certificates that ACM holds now. */
    left: () => throwawayArns(world),
    imports: () => calls('ImportCertificate').filter(({ caller }) => caller === 'deploy').length,
    /** The events about rights that were published, each time that they were. */
    told: () => calls('PutEvents').flatMap(({ input }) => rightsEvents(input)),
    /** Longer than a dead run keeps others away, and than any back-off but the daily one. */
    wait: () => world.clock.advance(3 * hourMs),
  };
}

function throwawayArns({ cloud }: World): readonly string[] {
  const held = cloud.acm.certificates();
  return held.filter(({ tags }) => tags.has(proofTag)).map(({ arn }) => arn);
}

type Told = { readonly id: string; readonly severity: string; readonly summary: string } & {
  readonly details: Readonly<Record<string, unknown>>;
};

/** An entry of the bus carries one event, or several. */
function rightsEvents(input: unknown): readonly Told[] {
  const { Entries = [] } = input as { Entries?: readonly { Detail: string }[] };
  return Entries.map(({ Detail }) => JSON.parse(Detail))
    .flatMap((detail) => detail.events ?? [detail])
    .filter(({ id }: Told) => id.startsWith('rights-'));
}
