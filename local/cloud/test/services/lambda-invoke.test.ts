import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionRights } from '#cloud/iam/function-rights.ts';
import { allow, type IamLab, iamLab, policy, region } from '#cloud/kit/iam-lab.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type Dispatcher, startDispatcher } from '#cloud/runtime/dispatcher.ts';
import { inProcessInvoker, type LocalHandler } from '#cloud/runtime/in-process-invoker.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';

const deploy = deployedFunction('certkeep-deploy', { region });
const event = { kind: 'deploy', certificate: 'shop', place: '000000000000/us-east-1' };
const Payload = Buffer.from(JSON.stringify(event));
const later = { FunctionName: deploy.name, InvocationType: 'Event', Payload } as const;

let lab: IamLab;
let dispatcher: Dispatcher;
let handler: LocalHandler;
let seen: unknown[];

beforeEach(async () => {
  lab = await iamLab();
  seen = [];
  handler = async (given) => void seen.push(given);
  lab.cloud.lambda.functions.set(deploy.arn, deploy);
  lab.grant(deploy.name, []);
  const { clock } = lab;
  dispatcher = startDispatcher({
    deployed: lab.cloud,
    invoker: inProcessInvoker({
      clock,
      handlerOf:
        () =>
        (...given) =>
          handler(...given),
    }),
    clock,
    rights: functionRights(lab.cloud.iam),
    concurrentExecutions: 1,
    lookEveryMs: null,
  });
});
afterEach(async () => {
  dispatcher.stop();
  await lab.close();
});

/** An execution that lasts until it is let go. */
async function occupy(): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const usual = handler;
  handler = () => {
    begun.resolve();
    return gate.promise;
  };
  void dispatcher.invoke('deploy', {});
  await begun.promise;
  handler = usual;
  return gate.resolve;
}

describe('an asynchronous invocation by a role', () => {
  it('is accepted with 202 and handed over, where the role may invoke that function', async () => {
    const check = lab.as('check', [allow('lambda:InvokeFunction', deploy.arn)]);
    expect(await check.lambda.invoke(later)).toMatchObject({ StatusCode: 202 });
    await dispatcher.settle();
    expect(seen).toEqual([event]);
  });

  it('is denied, and leads to nothing, where the role may invoke another function alone', async () => {
    const check = lab.as('check', [allow('lambda:InvokeFunction', `${deploy.arn}-other`)]);
    await expect(check.lambda.invoke(later)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
    await dispatcher.settle();
    expect(seen).toEqual([]);
  });

  it('is accepted where the account is busy, and waits', async () => {
    const release = await occupy();
    expect(await lab.operator.lambda.invoke(later)).toMatchObject({ StatusCode: 202 });
    release();
    await dispatcher.settle();
    expect(seen).toEqual([event]);
  });
});

it('a synchronous invocation of a busy account is refused with 429', async () => {
  const release = await occupy();
  const asked = { FunctionName: deploy.name, Payload };
  await expect(lab.operator.lambda.invoke(asked)).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    retryAfterSeconds: '1',
    $metadata: { httpStatusCode: 429 },
  });
  release();
  await dispatcher.settle();
  expect(await lab.operator.lambda.invoke(asked)).toMatchObject({ StatusCode: 200 });
});

it('a load balancer answers 502 where the account is busy', async () => {
  handler = async () => ({ statusCode: 200, body: 'here' });
  const { elbv2 } = lab.operator;
  const Port = await freePort();
  const { LoadBalancers } = await elbv2.createLoadBalancer({ Name: 'web' });
  const group = await elbv2.createTargetGroup({ Name: 'answers', TargetType: 'lambda' });
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elbv2.registerTargets({ TargetGroupArn, Targets: [{ Id: deploy.arn }] });
  await elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTP',
    Port,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  lab.iam.putResourcePolicy(
    deploy.arn,
    policy({
      ...allow('lambda:InvokeFunction', deploy.arn),
      Principal: { Service: 'elasticloadbalancing.amazonaws.com' },
    }),
  );
  const release = await occupy();
  expect(await statusAt(Port)).toBe(502);
  release();
  await dispatcher.settle();
  expect(await statusAt(Port)).toBe(200);
});

function statusAt(port: number): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request({ host: '127.0.0.1', port, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .once('error', reject)
    .end();
  return promise;
}
