import { afterAll, beforeAll, expect, test } from 'vitest';
import { playEverywhere, refusedRegion } from '#local/demo/everywhere/play.ts';
import { isOfBeginning } from '#local/demo/output/inbox.ts';
import { type Setting, startSetting } from '#local/demo/setting.ts';
import { readSource, type Source } from '#local/demo/source.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { targetSpecs } from '#shared/targets/specs.ts';

let setting: Setting;
let played: Awaited<ReturnType<typeof playEverywhere>>;
const printed: string[] = [];

beforeAll(async () => {
  const source = (await readSource(undefined, 'everywhere')) as Source;
  setting = await startSetting({
    source,
    past: [],
    onLog: () => undefined,
    onStep: () => undefined,
  });
  const print = (text: string) => void printed.push(text);
  played = await playEverywhere({
    setting,
    print,
    width: () => 80,
    onStandings: () => undefined,
  });
}, 180_000);
afterAll(() => setting?.close());

function isThere({ place }: { readonly place: string }): boolean {
  return place.endsWith(`/${refusedRegion}`);
}

test('one certificate is on every kind of target, in two accounts and three regions', () => {
  const { certificates, home } = setting.config;
  expect(certificates).toHaveLength(1);
  const [everywhere] = certificates;
  if (!everywhere) throw new Error('no certificate was played');
  const kinds = everywhere.targets.map(({ type }) => type);
  expect(new Set(kinds)).toEqual(new Set(Object.keys(targetSpecs)));
  const places = placesOf(everywhere, home).map((place) => place.split('/'));
  expect(new Set(places.map(([account]) => account)).size).toBe(2);
  expect(new Set(places.map(([, region]) => region)).size).toBe(3);
});

test('the CA has had one order, and finalized it once', () => {
  const orders = setting.cloud.ca.ledger().orders;
  expect(orders).toMatchObject([{ finalizedTimes: 1 }]);
  const [certificate] = played.played.certificates;
  expect(orders[0]?.serial).toBe(certificate?.newSerial);
});

test('while a region refuses everything, every other target is proven and serves it', () => {
  const targets = played.refused.meanwhile.flatMap((each) => each.targets);
  const others = targets.filter((target) => !isThere(target));
  expect(others.length).toBeGreaterThan(0);
  for (const target of others) expect(target).toMatchObject({ served: true, proven: true });
  expect(played.refused.calls).toBeGreaterThan(0);
  for (const target of targets.filter(isThere)) {
    expect(target).toMatchObject({ served: false, proven: false });
  }
});

test('its debt is a condition of each target in status.json, and the output names it', () => {
  const { conditions, meanwhile } = played.refused;
  const waiting = meanwhile.flatMap((each) => each.targets).filter(isThere);
  expect(conditions).toHaveLength(waiting.length);
  for (const condition of conditions) {
    const debt = { type: 'Deployed', status: 'false', reason: 'ServiceFailed' };
    expect(condition).toMatchObject({ certificate: 'everywhere', ...debt });
    expect(condition.about).toContain(refusedRegion);
    expect(condition.nextAttemptAt).not.toBeNull();
    expect(printed.join('\n').replaceAll(/\s+/g, ' ')).toContain(condition.about);
  }
});

test('people hear of the outage as an outage, and in the end that all is well', () => {
  const subjects = setting.cloud.sns
    .published()
    .filter((letter) => !isOfBeginning(letter))
    .map(({ subject }) => subject ?? '');
  const warning = `certkeep warning: certkeep cannot try its rights in ${refusedRegion}: ServiceFailed`;
  expect(subjects).toContain(warning);
  expect(subjects.filter((subject) => subject.includes('lacks rights'))).toEqual([]);
  expect(subjects.at(-1)).toBe('certkeep well again: everywhere');
});

test('it catches up by itself, and every endpoint that can be asked serves the certificate', () => {
  expect(played.ok).toBe(true);
  expect(played.refused.caughtUpAfterMs).toBeGreaterThan(0);
  const targets = played.played.certificates.flatMap((each) => each.targets);
  for (const target of targets) expect(target).toMatchObject({ served: true, proven: true });
  const silent = targets.filter(({ asked }) => !asked);
  expect(silent).toMatchObject([{ kind: 'acm', port: null }]);
});

test('what is printed fits 80 columns', () => {
  const lines = printed.flatMap((text) => text.split('\n'));
  // ARNs are not broken.
  const wide = lines.filter((line) => line.length > 80 && !line.includes('arn:aws:'));
  expect(wide).toEqual([]);
});
