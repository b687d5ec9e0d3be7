import { expect, test } from 'vitest';
import { readBack } from '#local/landscape.ts';
import { proven, s3Proofs, withProof } from '#shared/deploy/rights-proof/proofs.ts';
import { rightsDigest } from '#shared/deploy/rights-proof/rights-digest.ts';
import { sendProofs } from '#shared/deploy/rights-proof/send-proofs.ts';
import type { ProofWork } from '#shared/work.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const place = '123456789012/us-east-1';
const { config } = readBack(
  configText(
    `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
  ),
);

test('one read says what is to be proven, and nothing is sent for what is', async () => {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const proofs = s3Proofs(objects);
  const sent: ProofWork[] = [];
  const queues = { send: async (work: ProofWork) => void sent.push(work) };
  const ports = { clock, config, proofs, queues };
  expect(await sendProofs(ports)).toEqual([place]);
  expect([sent, objects.reads]).toEqual([[{ kind: 'prove', place }], 1]);

  await proofs.update((all) => withProof(all, place, () => proven(rightsDigest, clock.now())));
  expect(await sendProofs(ports)).toEqual([]);
  expect(sent).toHaveLength(1);
});
