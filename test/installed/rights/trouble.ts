import { isHeld } from '#shared/ledger/lease.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';

const day = 24 * hour;
const elsewhere = { region: 'eu-central-1', account: '222222222222' };

function areServed(world: World): boolean {
  return world.landscape.config.certificates.every(({ id }) =>
    Object.values(world.record(id).deployments).every(({ state }) => state === 'proven'),
  );
}

/** Verify looks at a load balancer only before it believes that something is wrong there. */
export const contradictedElsewhere: Scenario = {
  name: 'what endpoints in another account contradict is put back, and deployed again',
  source: configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}
      - {type: clb, loadBalancer: old, account: "${elsewhere.account}"}
`),
  async run(world) {
    await world.check();
    world.clock.advance(61 * day);
    for (const balancer of ['far', 'old']) world.cloud.balancers.stick(balancer);
    await world.check();
    await world.live(hour / 2);
    for (const balancer of ['far', 'old']) world.cloud.balancers.unstick(balancer);
    await world.liveUntil(() => areServed(world), 2 * day);
  },
  problems: healthy,
};

export const notAdopted: Scenario = {
  name: 'what ACM does not let be adopted loses its tag again',
  source: configText(`
  near: {names: [near.example.com], issuer: local, adopt: in-place, targets: [{type: alb, listener: "${listenerArn('near')}"}]}
  far: {names: [far.example.com], issuer: local, adopt: in-place, targets: [{type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}]}
`),
  async run(world) {
    const tagged = new Set<string>();
    world.cloud.faults.add({
      when({ operation, input }) {
        const { CertificateArn: arn = '' } = (input ?? {}) as { CertificateArn?: string };
        if (operation === 'AddTagsToCertificate') tagged.add(arn);
        return operation === 'ImportCertificate' && tagged.has(arn);
      },
      fault: { do: 'refuse', code: 'ValidationException' },
      times: Number.POSITIVE_INFINITY,
    });
    await world.check();
    await world.live(hour / 2);
  },
  problems: healthy,
};

/** Starts two runs; the second one, which begins while the first has its lease, goes into the queue. */
async function startTwice(world: World, stage: 'issue' | 'deploy', work: object): Promise<void> {
  const holds = () =>
    Object.entries(world.record('shop').leases).some(
      ([name, lease]) => leaseOf[stage].test(name) && isHeld(lease, world.clock.now()),
    );
  world.cloud.faults.add({
    when: ({ caller, service }) =>
      caller === stage && service === 's3' && hasRecord(world) && holds(),
    fault: {
      do: 'freeze',
      thawed: async () => void (await world.dispatcher.invoke(stage, work)),
    },
  });
  await world.dispatcher.invoke(stage, work);
  await world.settle();
}

const leaseOf = { issue: /^acquire$/, deploy: /^deploy:/ } as const;

function hasRecord({ cloud, names }: World): boolean {
  return cloud.s3.bytesOf(names.bucket, partKey('issue', 'shop')) !== null;
}

export const twiceAtOnce: Scenario = {
  name: 'what is started beside its queue while a run is at it is done after that run',
  source: small,
  async run(world) {
    const { account, region } = world.landscape.config.home;
    await startTwice(world, 'issue', { kind: 'issue', certificate: 'shop' });
    const place = `${account}/${region}`;
    await startTwice(world, 'deploy', { kind: 'deploy', certificate: 'shop', place });
    await world.check();
  },
  problems: healthy,
};
