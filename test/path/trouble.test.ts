import type { Fault } from 'local-cloud/faults.ts';
import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const minute = 60_000;
const twoCertificates = configText(`
  bad:
    names: [bad.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('struck')}"}]
  good:
    names: [good.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('well')}"}]
`);

/** Every change of one listener, for as long as the returned function is not called. */
function strike(fault: Fault): () => void {
  let isOver = false;
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      !isOver &&
      operation === 'ModifyListener' &&
      (input as { ListenerArn: string }).ListenerArn.includes('/struck/'),
    fault,
    times: Number.POSITIVE_INFINITY,
  });
  return () => {
    isOver = true;
  };
}

function deploymentOf(id: string) {
  return Object.values(world.record(id).deployments)[0];
}

/** One more run for the certificate, as a message asks for it. */
async function deployAgain() {
  const { place } = deploymentOf('bad') ?? {};
  const body = JSON.stringify({ kind: 'deploy', certificate: 'bad', place });
  return world.dispatcher.invoke('deploy', { Records: [{ body }] });
}

const troubles = [
  ['ServiceDenied', { do: 'refuse', code: 'AccessDenied', status: 403 }],
  ['ServiceThrottled', { do: 'throttle' }],
  ['ServiceFailed', { do: 'refuse', code: 'InternalFailure', status: 500 }],
] as const satisfies readonly (readonly [string, Fault])[];

test.each(troubles)(
  'a listener whose changes end in %s is tried again later, and another certificate of the place does not wait',
  async (name, fault) => {
    world = await startWorld(twoCertificates);
    const heal = strike(fault);
    const startedAt = world.clock.now().getTime();
    await world.check();
    const first = deploymentOf('bad')?.failure;
    expect(first).toMatchObject({
      error: name,
      message: expect.stringMatching(/^ELB: ModifyListener \S+\/struck\/\S+: /),
    });
    expect(Date.parse(first?.nextAttemptAt ?? '')).toBeGreaterThan(startedAt);
    expect(deploymentOf('good')?.state).toBe('proven');
    expect(world.clock.now().getTime() - startedAt).toBeLessThan(5 * minute);
    world.clock.advance(2 * minute);
    expect(await deployAgain()).toMatchObject({ ok: true });
    expect(deploymentOf('bad')?.failure).toMatchObject({ error: name, count: 2 });
    heal();
    world.clock.advance(15 * minute);
    await deployAgain();
    await world.settle();
    expect(deploymentOf('bad')?.state).toBe('proven');
  },
);
