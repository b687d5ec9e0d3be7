import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

const at = listenerArn('shop');
const text = configText(`
  docs: {names: [docs.example.com], issuer: local, targets: [{type: alb, listener: "${at}", certificate: default}]}
  turn: {names: [turn.example.com], issuer: local, targets: [{type: alb, listener: "${at}", certificate: sni}]}
`);

let world: World;
/** Changes of the listener, in their order. */
let changes: string[];

beforeEach(async () => {
  world = await startWorld(text);
  await world.check();
  await world.live(hourMs);
  changes = [];
  world.cloud.faults.watch = ({ service, operation }) => {
    if (service === 'elbv2' && !operation.startsWith('Describe')) changes.push(operation);
  };
});
afterEach(() => world?.close());

/** Who connects without a name gets the other one from then on. */
function inEachOthersPlace(written: string): string {
  return written.replace(/certificate: (default|sni)/g, (_, position) =>
    position === 'sni' ? 'certificate: default' : 'certificate: sni',
  );
}

async function changePlaces(): Promise<void> {
  await world.reconfigure(inEachOthersPlace);
  await world.check();
  await world.live(hourMs);
}

async function held() {
  const [target] = world.landscape.config.certificates[0]?.targets ?? [];
  const ListenerArn = target?.type === 'alb' ? target.listener : '';
  const elb = new ElasticLoadBalancingV2(operatorClient(world.cloud, 'us-east-1'));
  const { Certificates = [] } = await elb.describeListenerCertificates({ ListenerArn });
  const arns = (isDefault: boolean) =>
    Certificates.filter((each) => each.IsDefault === isDefault).map((each) => each.CertificateArn);
  return { default: arns(true)[0], list: arns(false) };
}

const arnOf = (id: string) => Object.values(world.record(id).imports)[0]?.arn;

async function expectBoth(): Promise<void> {
  const now = await held();
  expect(now.default).toBe(arnOf('turn'));
  expect(now.list).toContain(arnOf('docs'));
}

async function expectChanged(): Promise<void> {
  await expectBoth();
  for (const id of ['docs', 'turn']) {
    const states = Object.values(world.record(id).deployments).map(({ state }) => state);
    expect(states).toContain('proven');
    expect(states).not.toContain('failed');
  }
  expect(world.events().filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(world.told()).toEqual([]);
}

test('two certificates of one listener change places, and each is served all the while', async () => {
  await changePlaces();
  await expectChanged();
  expect(changes).toEqual(['AddTags', 'AddListenerCertificates', 'ModifyListener']);
  await changePlaces();
  const now = await held();
  expect(now.default).toBe(arnOf('docs'));
  expect(now.list).toContain(arnOf('turn'));
});

test.for(['AddListenerCertificates', 'ModifyListener'])(
  'they change places also where deploy dies at %s',
  async (operation) => {
    for (const kill of ['kill-before', 'kill-after'] as const) {
      world.cloud.faults.add({
        when: (call) => call.operation === operation,
        fault: { do: kill },
        times: 1,
      });
    }
    await changePlaces();
    await world.live(hourMs);
    await expectBoth();
  },
);

test('a new default that the nodes never serve is put back, and the one before it stays served', async () => {
  await world.close();
  world = await startWorld(text.replace(/, targets: \[[^\]]*certificate: sni\}\]/, ''));
  await world.check();
  await world.live(hourMs);
  world.cloud.balancers.stick('shop');
  await world.reconfigure((written) => {
    const edited = parse(written);
    const [target] = edited.certificates.docs.targets;
    edited.certificates.turn.targets = [{ ...target, certificate: 'default' }];
    edited.certificates.docs.targets = [{ ...target, certificate: 'sni' }];
    return stringify(edited);
  });
  await world.check();
  await world.live(hourMs);
  const docs = arnOf('docs');
  expect(await held()).toEqual({ default: docs, list: [docs] });
  world.cloud.balancers.unstick('shop');
  await world.live(2 * dayMs);
  await expectBoth();
});

test('people hear of a list that is full already, and nothing of it changes', async () => {
  const before = await held();
  world.cloud.faults.add({
    when: (call) => call.operation === 'AddListenerCertificates',
    fault: { do: 'refuse', code: 'TooManyCertificates', status: 400 },
    times: 1_000,
  });
  await changePlaces();
  expect(await held()).toEqual(before);
  expect(world.told()).toContainEqual(expect.stringContaining('ListenerFull'));
});
