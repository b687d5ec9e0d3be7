import {
  DeleteListenerCommand,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { http01 } from '#cli/prepare/doctor/checks/http01.ts';
import { readBack } from '#local/demo/landscape.ts';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

let lab: DoctorLab;
let listener: string;
let tls: string;

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
`).replace('type: route53', `type: alb-http01\n    listener: "${listenerArn('web', '8')}"`),
  );
  const { certificates, solvers } = readBack(lab.configText).config;
  const [solver] = solvers;
  listener = solver?.type === 'alb-http01' ? solver.listener : '';
  const target = certificates[0]?.targets[0];
  tls = target?.type === 'alb' ? target.listener : '';
});
afterAll(() => lab?.close());

const elb = () => new ElasticLoadBalancingV2Client(lab.operatorIn('us-east-1'));

test('a listener that a CA reaches under the name is ok', async () => {
  expect(lines(await lab.findings(http01))).toEqual([
    expect.stringMatching(/^ok: listener\/app\/web\/.* speaks HTTP on port \d+$/),
    expect.stringMatching(/^ok: shop\.example\.com answers on port \d+$/),
  ]);
});

test('a name without an address is wrong', async () => {
  const found = await lab.findings(
    http01,
    lab.configText.replace('shop.example.com', 'none.example.com'),
  );
  expect(found).toContainEqual({
    mark: 'wrong',
    text: 'none.example.com has no address, so no CA can ask it over HTTP',
    say: 'Let the name lead to the load balancer. It is shown by:',
    command: 'dig +short none.example.com',
  });
});

test('a listener that speaks TLS cannot begin a challenge', async () => {
  // The check of the file finds one that is a target itself.
  const found = await lab.findings(
    http01,
    lab.configText.replace(/targets:[\s\S]*?(?=\n\S|$)/, '').replaceAll(listener, tls),
  );
  expect(found).toContainEqual({
    mark: 'wrong',
    text: expect.stringContaining('speaks HTTPS: a CA begins with plain HTTP on port 80'),
    say: 'These listeners are there:',
    command: `aws elbv2 describe-listeners --region us-east-1 --load-balancer-arn ${loadBalancerOf(tls)}`,
  });
});

test('on AWS a listener on another port than 80 is wrong', async () => {
  const subject = await lab.subjectOf(lab.configText);
  const [question] = http01.questions({ ...subject, isLocal: false });
  expect(await question?.ask()).toMatchObject([
    { mark: 'wrong', text: expect.stringMatching(/ is on port \d+: a CA begins on port 80$/) },
  ]);
});

test('a name behind which nothing answers is wrong, and a listener that is gone, too', async () => {
  const subject = await lab.subjectOf(lab.configText);
  const refused = {
    ...subject,
    get: () => Promise.reject(new Error('connect ECONNREFUSED')),
  };
  const [, name] = http01.questions(refused);
  expect(await name?.ask()).toMatchObject([
    {
      mark: 'wrong',
      text: expect.stringMatching(/^shop\.example\.com does not answer at .* ECONNREFUSED$/),
      command: 'curl -sI http://shop.example.com/.well-known/acme-challenge/certkeep-doctor',
    },
  ]);
  const { Listeners } = await elb().send(
    new DescribeListenersCommand({ ListenerArns: [listener] }),
  );
  expect(Listeners).toHaveLength(1);
  await elb().send(new DeleteListenerCommand({ ListenerArn: listener }));
  expect((await lab.findings(http01))[0]).toMatchObject({
    mark: 'wrong',
    text: expect.stringContaining('not found'),
  });
});
