import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

/** As somebody who may invoke the function, or put events on the bus. */
async function invokeAlert(events: readonly LedgerEvent[]): Promise<unknown> {
  const lambda = new LambdaClient(operatorClient(world.cloud, 'us-east-1'));
  const Payload = Buffer.from(JSON.stringify({ detail: { events } }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'certkeep-alert', Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

test('starting alert by hand sends people nothing false', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  const told = world.inbox().length;
  expect(told).toBeGreaterThan(0);
  const forged: LedgerEvent = {
    id: 'shop-failed-x',
    type: 'failed',
    at: world.clock.now().toISOString(),
    certificate: 'shop',
    severity: 'critical',
    summary: 'Your AWS account is suspended, sign in at https://evil.example/aws',
    details: {},
  };
  const answer = await invokeAlert([
    forged,
    { ...forged, certificate: 'nothing-of-ours' },
    { ...forged, certificate: null },
  ]);
  expect(answer).toEqual({ told: 0, known: 0, unheld: 3, left: 0 });
  expect(world.inbox()).toHaveLength(told);
  expect(world.logs.filter(({ message }) => message === 'event is not in the ledger')).toHaveLength(
    3,
  );
  const [sent] = world.record('shop').sentEvents ?? [];
  expect(sent?.id).toMatch(/^shop-issued-/);
});
