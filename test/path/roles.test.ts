import type { OutsideCall } from 'local-cloud/faults.ts';
import { policy } from 'local-cloud/kit/iam-lab.ts';
import { afterEach, expect, test } from 'vitest';
import { staysUnusedMs } from '#shared/deploy/retire/retired-arn.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { stages } from '#test/support/world-functions.ts';

let world: World;
afterEach(() => world?.close());

const onAlb = configText(`
  shop:
    names: [example.com, www.example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: alb, listener: "${listenerArn('other')}", certificate: sni}
`);

/** Takes an action from the role of a stage, beside whatever else it may. */
function deny({ cloud }: World, stage: string, Action: string): void {
  const [role] = [...cloud.lambda.functions.values()]
    .filter(({ name }) => name.endsWith(`-${stage}`))
    .map(({ roleArn }) => cloud.iam.role(roleArn));
  if (!role) throw new Error(`${stage} has no role`);
  const document = policy({ Effect: 'Deny', Action, Resource: '*' });
  cloud.iam.putRole({ ...role, policies: [...role.policies, { name: 'deny', document }] });
}

test('the whole path runs in the roles of the template, and every call of it is decided', async () => {
  world = await startWorld(onAlb);
  await world.check();
  await world.live(3_600_000);
  const states = Object.values(world.record('shop').deployments).map(({ state }) => state);
  expect(states).toEqual(['proven', 'proven']);
  const callers = new Set(world.cloud.iam.decisions.map(({ caller }) => caller));
  // What Lambda and EventBridge do themselves has no caller.
  expect(callers).toEqual(new Set([null, ...Object.keys(stages)]));
});

test('a call that the template denies fails the world', async () => {
  world = await startWorld(onAlb);
  deny(world, 'alert', 'sns:Publish');
  await world.check();
  await expect(world.close()).rejects.toThrow(
    /^the template denies:\ncertkeep-us-east-1-alert sns:Publish arn:aws:sns:\S+:certkeep-alerts$/,
  );
});

test('a role may be denied what it has deleted itself', async () => {
  world = await startWorld(onAlb);
  await world.check();
  await world.live(3_600_000);
  await world.reconfigure((text) => text.replace('shop:', 'shop:\n    key: rsa-2048'));
  const isDeletion = ({ operation }: OutsideCall) => operation === 'DeleteCertificate';
  world.cloud.faults.add({ when: isDeletion, fault: { do: 'lose-answer' } });
  await world.check();
  await world.live(3 * 3_600_000);
  world.clock.advance(staysUnusedMs);
  await world.live(3_600_000);
  const denied = world.cloud.iam.decisions.filter(({ allowed }) => !allowed);
  expect(denied.map(({ action }) => action)).toEqual(['acm:DeleteCertificate']);
  expect(world.denied()).toEqual([]);
});

test('a function that may not do its work fails in the words of AWS', async () => {
  world = await startWorld(onAlb, { mayDeny: true });
  deny(world, 'check', 's3:GetObject');
  const result = await world.dispatcher.invoke('check', {});
  expect(result).toMatchObject({
    ok: false,
    error: {
      message: expect.stringMatching(
        /^User: arn:aws:sts::000000000000:assumed-role\/certkeep-us-east-1-check\/certkeep-check is not authorized to perform: s3:GetObject on resource: "\S+" with an explicit deny in an identity-based policy$/,
      ),
    },
  });
});

test('a queue that the role of its function may not read is not worked off', async () => {
  world = await startWorld(onAlb, { mayDeny: true });
  deny(world, 'issue', 'sqs:ReceiveMessage');
  await world.check();
  expect(world.cloud.sqs.queue('us-east-1', 'certkeep-issue.fifo')?.messages()).toHaveLength(1);
  expect(world.cloud.ca.ledger().orders).toEqual([]);
});

test('a function loses its log lines if its role may not write them', async () => {
  world = await startWorld(onAlb, { mayDeny: true });
  deny(world, 'check', 'logs:PutLogEvents');
  await world.check();
  const stagesHeard = new Set(world.logs.map(({ stage }) => stage));
  expect(stagesHeard).toContain('issue');
  expect(stagesHeard).not.toContain('check');
});
