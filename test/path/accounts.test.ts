import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { parsePlaceKey } from '#shared/place.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const hour = 3_600_000;
const day = 24 * hour;
const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const far = listenerArn('far', '1', elsewhere);

/** At home, in another account's region, and on a Classic Load Balancer of that account. */
const twoAccounts = configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('near')}"}
      - {type: alb, listener: "${far}"}
      - {type: clb, loadBalancer: old, account: "${elsewhere.account}"}
`);

/** The states of the targets of an account, each by its region. */
function states(account: string): Record<string, string> {
  const here = Object.values(world.record('shop').deployments)
    .map(({ place, state }) => ({ ...parsePlaceKey(place), state }))
    .filter((each) => each.account === account);
  return Object.fromEntries(here.map(({ region, state }) => [region, state]));
}

const home = '000000000000';
const proven = { 'eu-central-1': 'proven', 'us-east-1': 'proven' };
const areProvenElsewhere = () => isDeepStrictEqual(states(elsewhere.account), proven);

function newest(): string | undefined {
  return world.record('shop').versions.at(-1)?.serial;
}

/** How often that has happened. */
function happened(text: string): number {
  return world.events().filter(({ summary }) => summary.includes(text)).length;
}

/** The roles assumed so far, each with the function that did. */
function assumed(): ReadonlySet<string> {
  const calls = world.cloud.faults.calls.filter(({ operation }) => operation === 'AssumeRole');
  return new Set(
    calls.map(({ caller, input }) => `${caller} ${(input as { RoleArn: string }).RoleArn}`),
  );
}

/** As long as the returned function is not called. */
function refuseRole(name: string): () => void {
  let isRefused = true;
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      isRefused &&
      operation === 'AssumeRole' &&
      (input as { RoleArn: string }).RoleArn.endsWith(`/${name}`),
    fault: { do: 'refuse', code: 'AccessDenied', status: 403 },
    times: Number.POSITIVE_INFINITY,
  });
  return () => {
    isRefused = false;
  };
}

test('a certificate is deployed to another account and region, proven and renewed there', async () => {
  world = await startWorld(twoAccounts);
  await world.check();
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, proven]);
  const arns = Object.values(world.record('shop').imports).map(({ arn }) => arn);
  world.clock.advance(61 * day);
  await world.check();
  expect(states(elsewhere.account)).toEqual(proven);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
  expect(Object.values(world.record('shop').imports).map(({ arn }) => arn)).toEqual(arns);
  expect(arns.filter((arn) => arn?.includes(`:${elsewhere.account}:`))).toHaveLength(2);
  const published = Object.keys(world.record('shop').imports).map((place) =>
    world.cloud.ssm.valueOf('/certkeep/shop/certificate-arn', parsePlaceKey(place)),
  );
  expect(published).toEqual(arns);
  expect(world.cloud.ca.ledger().orders).toHaveLength(2);
  expect(assumed()).toEqual(
    new Set([
      'deploy arn:aws:iam::222222222222:role/certkeep-us-east-1-place',
      // Verify asks where deploy has found the endpoints, and looks itself once a day.
      'verify arn:aws:iam::222222222222:role/certkeep-us-east-1-place-reader',
    ]),
  );
});

test('a contradiction in another account is rolled back there, and nowhere else', async () => {
  world = await startWorld(twoAccounts);
  await world.check();
  const [first] = world.record('shop').versions;
  world.clock.advance(61 * day);
  world.cloud.balancers.stick('far');
  await world.check();
  await world.live(1_200_000);
  const backThere = { 'eu-central-1': 'rolled-back', 'us-east-1': 'proven' };
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, backThere]);
  const held = world.record('shop').imports['222222222222/eu-central-1'];
  expect(held?.versionId).toBe(first?.id);
  expect(happened('was put back')).toBe(1);
  expect(assumed()).toContain(
    'verify arn:aws:iam::222222222222:role/certkeep-us-east-1-place-reader',
  );
  world.cloud.balancers.unstick('far');
  await world.liveUntil(areProvenElsewhere, 2 * day);
  expect(states(elsewhere.account)).toEqual(proven);
  expect(world.cloud.ca.ledger().orders).toHaveLength(2);
});

test('a role that is refused is debt of its place, told once until it is over, and stops no other place', async () => {
  world = await startWorld(twoAccounts);
  const allow = refuseRole('certkeep-us-east-1-place');
  await world.check();
  const failed = { 'eu-central-1': 'failed', 'us-east-1': 'failed' };
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, failed]);
  const failures = Object.values(world.record('shop').deployments).map(({ failure }) => failure);
  expect(failures.map((failure) => failure?.error).toSorted()).toEqual([
    'PlaceNotReachable',
    'PlaceNotReachable',
    undefined,
  ]);
  await world.check();
  const there = ['eu-central-1, 222222222222', 'us-east-1, 222222222222'];
  expect(world.told().toSorted()).toEqual(
    there.map((place) => `certkeep warning: certkeep lacks rights in ${place}: PlaceNotReachable`),
  );
  expect(happened('222222222222/eu-central-1: PlaceNotReachable')).toBe(1);
  allow();
  await world.live(hour);
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, proven]);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
  expect(world.told().slice(2)).toEqual(['certkeep well again: shop', 'certkeep well again: shop']);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
});

test('if only the role of verify is refused, a contradiction there is not believed, and the new certificate stays', async () => {
  world = await startWorld(twoAccounts);
  const allow = refuseRole('certkeep-us-east-1-place-reader');
  await world.check();
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, proven]);
  world.clock.advance(61 * day);
  world.cloud.balancers.stick('far');
  await world.check();
  await world.live(hour);
  const unknown = { ...proven, 'eu-central-1': 'unknown' };
  expect([states(home), states(elsewhere.account)]).toEqual([{ 'us-east-1': 'proven' }, unknown]);
  // The proofs of the old version there were due as well, and a look a day is.
  expect([happened('nobody could check'), happened('put back')]).toEqual([3, 0]);
  world.cloud.balancers.unstick('far');
  allow();
  await world.liveUntil(areProvenElsewhere, day);
  expect(states(elsewhere.account)).toEqual(proven);
});
