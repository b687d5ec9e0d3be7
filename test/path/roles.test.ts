import { afterEach, expect, test } from 'vitest';
import { roleSession } from '#local/wire/accounts.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { allow, policy, roleArn, trusting } from '#test/support/iam-lab.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { keyOf, stages } from '#test/support/world-functions.ts';

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

/** The world in which every function has a role. */
async function worldOfRoles(): Promise<World> {
  const started = await startWorld(onAlb);
  await started.cloud.iam.prepare();
  for (const name of Object.keys(stages)) {
    grant(started, name, 'Allow');
    const role = roleArn(`certkeep-r-${name}`);
    const identity = roleSession({ role, sessionName: `certkeep-${name}`, caller: name });
    if (identity) started.cloud.accounts.register(keyOf(name), identity);
  }
  return started;
}

function grant({ cloud }: World, name: string, Effect: 'Allow' | 'Deny', action = '*'): void {
  const statement = { ...allow(action, '*'), Effect };
  cloud.iam.putRole({
    arn: roleArn(`certkeep-r-${name}`),
    trustPolicy: trusting({ Service: 'lambda.amazonaws.com' }),
    policies: [{ name, document: policy(allow('*', '*'), statement) }],
  });
}

test('the whole path runs in roles, and every call of it is decided', async () => {
  world = await worldOfRoles();
  await world.check();
  await world.live(3_600_000);
  const states = Object.values(world.record('shop').deployments).map(({ state }) => state);
  expect(states).toEqual(['proven', 'proven']);
  const { decisions } = world.cloud.iam;
  expect(decisions.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(new Set(decisions.map(({ caller }) => caller))).toEqual(new Set(Object.keys(stages)));
});

test('a function that may not do its work fails in the words of AWS', async () => {
  world = await worldOfRoles();
  grant(world, 'check', 'Deny', 's3:GetObject');
  const result = await world.dispatcher.invoke('check', {});
  expect(result).toMatchObject({
    ok: false,
    error: {
      message: expect.stringMatching(
        /^User: arn:aws:sts::000000000000:assumed-role\/certkeep-r-check\/certkeep-check is not authorized to perform: s3:GetObject on resource: "\S+" with an explicit deny in an identity-based policy$/,
      ),
    },
  });
});
