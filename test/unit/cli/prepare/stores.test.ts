import { expect, test } from 'vitest';
import { differences } from '#cli/prepare/diff/decide/differences.ts';
import { placeName } from '#shared/check/conditions/served-at.ts';
import { networkKey, parsePlaceKey, placeKey } from '#shared/place.ts';
import { networksOfAll, placesOfAll, targetRegions } from '#shared/targets/identities.ts';
import { configWith, healthy, now, wanted } from '#test/support/healthy.ts';

const { account, region } = configWith({}).home;
const here = `${account}/${region}`;
const classic = { type: 'clb' as const, loadBalancer: 'old', port: 443 };
const fromIam = { ...classic, store: 'iam' as const };

function lines(
  before: typeof classic | typeof fromIam,
  after: typeof before,
  retired: string[] = [],
) {
  const of = (target: typeof before) =>
    configWith({ certificates: [wanted({ targets: [target] })] });
  const file = of(after);
  const { changes } = differences({
    deployed: of(before),
    wanted: { ...file, retired: { ...file.retired, places: retired } },
    records: new Map([['shop', healthy()]]),
    now,
  });
  return changes.map(({ effect, sign, text, what }) => `${sign} ${what}: ${text} → ${effect}`);
}

test('a listener that gets another store is said to stay where it is', () => {
  expect(lines(classic, fromIam)).toEqual([
    `~ shop: at old:443 (${region}): from ACM → from IAM → the present certificate goes into IAM and is bound from there at the next check`,
    `+ ${here}/iam: first target there → its certificates go into IAM there`,
  ]);
});

test('the server certificates that it leaves stay, unless their place is retired', () => {
  expect(lines(fromIam, classic).at(-1)).toBe(
    `- ${here}/iam: no target there any more → its certificates stay in IAM there, unless it is named under retired: places`,
  );
  expect(lines(fromIam, classic, [`${here}/iam`])).toContain(
    `- ${here}/iam: no target there any more → certkeep deletes its certificates from IAM there once nothing uses them`,
  );
});

test('both stores of a region are one round of looks, and only ACM gives notice of an end', () => {
  const of = (...targets: readonly (typeof classic | typeof fromIam)[]) =>
    configWith({ certificates: [wanted({ targets })] });
  const both = of({ ...classic, loadBalancer: 'other' }, fromIam);
  expect(placesOfAll(both)).toEqual([here, `${here}/iam`]);
  expect(networksOfAll(both)).toEqual([here]);
  expect(targetRegions(both)).toEqual([region]);
  expect(targetRegions(of(fromIam))).toEqual([]);
});

test('the key of a place names its store, and the network of a place does not', () => {
  const iam = parsePlaceKey(`${here}/iam`);
  expect(iam).toEqual({ account, region, store: 'iam' });
  expect(placeKey(iam)).toBe(`${here}/iam`);
  expect(networkKey(iam)).toBe(here);
  expect(parsePlaceKey(here)).toEqual({ account, region });
  expect(placeName({ account, region }, `${here}/iam`)).toBe(`${region} (IAM)`);
});
