import { afterEach, expect, test } from 'vitest';
import { proofStage } from '#test/support/proof-stage.ts';

let stage: Awaited<ReturnType<typeof proofStage>>;
afterEach(() => stage?.world.close());

const ours = ['ImportCertificate', 'DeleteCertificate', 'PutObject', 'ListCertificates'];

test.each(['kill-before', 'kill-after', 'lose-answer'] as const)(
  '%s at every call: the rights are proven in the end, and nothing is left in ACM',
  async (kind) => {
    stage = await proofStage();
    const { world, left, prove, wait } = stage;
    let struck = 0;
    for (let skip = 0; ; skip += 1) {
      let hits = 0;
      world.cloud.faults.add({
        when: ({ caller, operation }) => caller === 'deploy' && ours.includes(operation),
        fault: { do: kind },
        skip,
      });
      const strike = world.cloud.faults.strike;
      world.cloud.faults.strike = (call) => {
        const fault = strike(call);
        if (fault) hits += 1;
        return fault;
      };
      await prove({ again: true });
      world.cloud.faults.strike = strike;
      world.cloud.faults.clear();
      wait();
      expect(await prove({ again: true }), `${kind} after ${skip} calls`).toMatchObject({
        outcome: 'proven',
      });
      expect(left(), `${kind} after ${skip} calls`).toEqual([]);
      if (hits === 0) break;
      struck += 1;
    }
    expect(struck).toBeGreaterThanOrEqual(7);
  },
);

test('two runs at once: one proves, the other leaves it alone', async () => {
  stage = await proofStage();
  const outcomes = await Promise.all([stage.prove({ again: true }), stage.prove({ again: true })]);
  expect(outcomes.map((each) => (each as { outcome: string }).outcome).toSorted()).toEqual([
    'busy',
    'proven',
  ]);
  expect([stage.left(), stage.imports()]).toEqual([[], 2]);
});
