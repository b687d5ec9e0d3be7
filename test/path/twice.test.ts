import { afterEach, expect, test } from 'vitest';
import { twiceAtOnce } from '#test/installed/rights/trouble.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

test('runs of issue and deploy that find another run at their work leave a message in their own queue', async () => {
  world = await startWorld(twiceAtOnce.source);
  const sent: string[] = [];
  world.cloud.faults.add({
    when({ caller, operation, input }) {
      const queue = String((input as { QueueUrl?: string } | null)?.QueueUrl);
      if (operation === 'SendMessage' && queue.includes(`-${caller}.fifo`))
        sent.push(String(caller));
      return false;
    },
    fault: { do: 'delay', ms: 0, clock: world.clock },
  });
  await twiceAtOnce.run(world);
  expect(sent).toEqual(['issue', 'deploy']);
});
