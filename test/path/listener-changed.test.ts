import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const text = configText(`
  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}
  docs: {names: [docs.example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}", certificate: sni}]}
`);

const region = 'us-east-1';
const elb = () => new ElasticLoadBalancingV2(operatorClient(world.cloud, region));
const happened = (words: string) => world.events().filter(({ summary }) => summary.includes(words));

function listener(): string {
  const [target] = world.landscape.config.certificates[0]?.targets ?? [];
  return target?.type === 'alb' ? target.listener : '';
}

async function held() {
  const asked = { ListenerArn: listener() };
  const { Certificates = [] } = await elb().describeListenerCertificates(asked);
  const arns = (isDefault: boolean) =>
    Certificates.filter(({ IsDefault }) => IsDefault === isDefault).map(
      (each) => each.CertificateArn,
    );
  return { default: arns(true)[0] ?? '', list: arns(false) };
}

const bound = (id: string) => Object.values(world.record(id).deployments)[0];
const isRight = async () => {
  const now = await held();
  return now.default === bound('shop')?.arn && now.list.includes(bound('docs')?.arn ?? '');
};

/** As a stack does whose template names another certificate: its default comes back, and its list is emptied. */
async function reset(first: string): Promise<void> {
  const ListenerArn = listener();
  await elb().modifyListener({ ListenerArn, Certificates: [{ CertificateArn: first }] });
  for (const CertificateArn of (await held()).list) {
    await elb().removeListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn }] });
  }
}

async function served(): Promise<string> {
  world = await startWorld(text);
  const first = (await held()).default;
  await elb().addTags({
    ResourceArns: [listener()],
    Tags: [{ Key: 'elbv2.k8s.aws/cluster', Value: 'blue' }],
  });
  await world.check();
  await world.live(hourMs);
  expect(await isRight()).toBe(true);
  return first;
}

test('a listener that somebody resets is right again within the hour: an event says who it may have been, and people hear of it for a day', async () => {
  const first = await served();
  await reset(first);
  let minutes = 0;
  for (; minutes < 90 && !(await isRight()); minutes += 10) await world.live(10 * minuteMs);
  expect(minutes).toBeLessThanOrEqual(60);
  await world.live(hourMs);
  expect([bound('shop')?.state, bound('docs')?.state]).toEqual(['proven', 'proven']);
  for (const id of ['shop', 'docs']) {
    const [event, ...more] = happened(`${id}: somebody changed`);
    expect(more).toEqual([]);
    expect(event?.severity).toBe('warning');
    expect(JSON.stringify(event?.details)).toContain(
      'AWS Load Balancer Controller of cluster blue',
    );
  }
  expect(happened('could not be deployed')).toEqual([]);
  expect(happened('was put back')).toEqual([]);
  const changed = world.told().filter((subject) => subject.endsWith('ListenerChanged'));
  expect(changed).toHaveLength(2);
  await world.live(dayMs);
  expect(
    world
      .told()
      .slice(-2)
      .map((subject) => subject.slice(0, 20)),
  ).toEqual(['certkeep well again:', 'certkeep well again:']);
});

test('listeners are looked at with one request a second on average', async () => {
  await served();
  const from = world.cloud.faults.calls.length;
  await world.live(6 * hourMs);
  const looks = world.cloud.faults.calls
    .slice(from)
    .filter(({ caller, operation }) => caller === 'verify' && operation.startsWith('Describe'));
  // Two targets, once an hour, and a daily look that may fall into it.
  expect(looks.length).toBeLessThanOrEqual(2 * 8 + 6);
});
