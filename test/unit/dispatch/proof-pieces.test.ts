import { expect, test } from 'vitest';
import { proofPieces } from '#shared/check/dispatch/proof-pieces.ts';
import {
  failed,
  noProof,
  proven,
  s3Proofs,
  withProof,
} from '#shared/deploy/rights-proof/proofs.ts';
import { rightsDigest } from '#shared/deploy/rights-proof/rights-digest.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { configWith, healthy, now, wanted } from '#test/support/healthy.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const certificates = [
  wanted({ targets: [{ type: 'alb', listener, certificate: 'default' }] }),
  wanted({ id: 'blog', targets: [{ type: 'alb', listener, certificate: 'sni' }] }),
];
const place = '123456789012/us-east-1';
const error = { name: 'RightsNotProven', message: 'denied' };

test('each place is proven once, and after a failure when its time has come', () => {
  const config = configWith({ certificates });
  const never = proofPieces(config, {}, now);
  expect(never).toMatchObject([{ work: { kind: 'prove', place }, lookedAt: null }]);
  const done = { [place]: proven(rightsDigest, now) };
  expect(proofPieces(config, done, now)).toEqual([]);
  const failing = { [place]: failed(noProof, error, now, [10 * minuteMs]) };
  expect(proofPieces(config, failing, addMs(now, minuteMs))).toEqual([]);
  expect(proofPieces(config, failing, addMs(now, 12 * minuteMs))).toMatchObject([
    { lookedAt: now },
  ]);
});

test('check sends the proof of a place once, and none where it is proven', async () => {
  const { clock, holds, objects, run, sent } = desk({ certificates });
  await holds(healthy());
  const proofs = () => sent.filter(({ kind }) => kind === 'prove');
  await run();
  clock.advance(10 * minuteMs);
  await run();
  expect(proofs()).toEqual([{ kind: 'prove', place }]);
  await s3Proofs(objects).update((all) =>
    withProof(all, place, () => proven(rightsDigest, clock.now())),
  );
  clock.advance(60 * minuteMs);
  await run();
  expect(proofs()).toHaveLength(1);
});
