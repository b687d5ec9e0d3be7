import { expect, test } from 'vitest';
import { secondMs } from '#shared/time/clock.ts';
import { countOf, stageOf } from '#test/support/many-targets.ts';

test('many endpoints are asked in slices, twenty at a time', async () => {
  const stage = await stageOf(100);
  await stage.deploy();
  let [asked, most] = [0, 0];
  const { probe } = stage.ports;
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      asked += 1;
      most = Math.max(most, asked);
      await stage.clock.sleep(25 * secondMs);
      asked -= 1;
      return probe(question);
    },
  });
  expect(await stage.verify()).toMatchObject({ outcome: 'goes-on' });
  expect(most).toBe(20);
  expect(await countOf(stage, 'proven')).toBe(60);
  expect(stage.work.at(-1)).toEqual({ kind: 'verify', certificate: 'shop' });
  expect(await stage.verify()).toMatchObject({ outcome: 'verified' });
  expect(stage.told()).toEqual(['served']);
});
