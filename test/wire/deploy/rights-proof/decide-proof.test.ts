import { expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { decideProof, proofsDue } from '#shared/deploy/rights-proof/decide-proof.ts';
import { begun, failed, noProof, proven, told } from '#shared/deploy/rights-proof/proofs.ts';
import { rightsDigest } from '#shared/deploy/rights-proof/rights-digest.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

const now = new Date('2026-11-29T12:00:00Z');
const later = (minutes: number) => addMs(now, minutes * minuteMs);
const denied = { name: 'RightsNotProven', message: 'denied' };
const delaysMs = [minuteMs, 10 * minuteMs];
const once = failed(noProof, denied, now, delaysMs);

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const [home, other] = ['123456789012/us-east-1', '222222222222/eu-central-1'];
const { config } = readBack(
  configText(`
  shop:
    names: [example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}
  blog: {names: [example.net], issuer: local, targets: [{type: alb, listener: "${listenerArn('blog')}"}]}
  kept: {names: [example.org], issuer: local}
`),
);

test('a place of several certificates is proven once, and none without a target', () => {
  expect(placesOfAll(config)).toEqual([home, other]);
});

test('at first nothing is known of any place', () => {
  expect(proofsDue(config, {}, now)).toEqual([home, other]);
});

test('proven rights are not proven again, unless they change or somebody asks', () => {
  const proof = proven(rightsDigest, now);
  expect(proofsDue(config, { [home]: proof }, later(99_999))).toEqual([other]);
  expect(decideProof({ ...proof, rightsDigest: 'others' }, now).outcome).toBe('due');
  expect(decideProof(proof, now, { again: true }).outcome).toBe('due');
});

test('a failure waits for its time, unless somebody asks', () => {
  expect(proofsDue(config, { [home]: once, [other]: once }, now)).toEqual([]);
  expect(proofsDue(config, { [home]: once, [other]: once }, later(1))).toEqual([home, other]);
  expect(decideProof(once, now, { again: true }).outcome).toBe('due');
});

test('failures that follow each other wait longer, and are one streak', () => {
  const twice = failed(told(once, 'RightsNotProven'), denied, later(1), delaysMs);
  expect(twice.failure?.nextAttemptAt).toBe(later(11).toISOString());
  expect([twice.failingSince, twice.told]).toEqual([now.toISOString(), 'RightsNotProven']);
});

test('a failure takes back what was proven', () => {
  const { provenAt, rightsDigest: digest } = failed(
    proven(rightsDigest, now),
    denied,
    later(9),
    [0],
  );
  expect([provenAt, digest]).toEqual([now.toISOString(), null]);
});

test('a run that is under way keeps others away until it must have ended, also who asks', () => {
  const proof = begun(noProof, 'a run', later(3));
  expect(decideProof(proof, later(2), { again: true })).toEqual({
    outcome: 'busy',
    until: later(3),
  });
  expect(decideProof(proof, later(2), { holder: 'a run' }).outcome).toBe('due');
  expect(decideProof(proof, later(3)).outcome).toBe('due');
});
