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

test('starting alert by hand sends people nothing, whatever it is told', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  const heard = world.inbox().length;
  expect(heard).toBeGreaterThan(0);
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
    { ...forged, certificate: null, type: 'checked' },
  ]);
  expect(answer).toEqual({ sent: 0 });
  expect(world.inbox()).toHaveLength(heard);
});
