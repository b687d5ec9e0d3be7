import { expect, test } from 'vitest';
import { s3Observations } from '#shared/check/observations/observations.ts';
import { watchersOf } from '#shared/check/observations/watchers.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { conditionsOf } from '#shared/status/status.ts';
import { readStatus } from '#shared/status/status-object.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { healthy, silent } from '#test/support/healthy.ts';

type Desk = ReturnType<typeof desk>;

async function livingDesk(): Promise<Desk> {
  const at = desk();
  await at.holds(healthy());
  await at.run();
  return at;
}

/** The conditions of the installation: `false AlarmOff: …`, with `!` where a person is needed. */
async function said({ objects }: Pick<Desk, 'objects'>): Promise<readonly string[]> {
  const { status } = await readStatus(objects);
  if (!status) throw new Error('check has written no state');
  return conditionsOf(status, { conditions: status.conditions }).map(
    ({ danger, message, reason, status: is }) =>
      `${is} ${reason}${danger.severity === 'none' ? '' : '!'}: ${message}`,
  );
}

async function runsFor(at: Desk, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10 * minuteMs) {
    at.clock.advance(10 * minuteMs);
    await at.run();
  }
}

test.each([
  ['off', 'false AlarmOff!: alarms cannot ring; tells nobody: certkeep-CheckSilent'],
  ['missing', 'false AlarmMissing!: alarms cannot ring; missing: certkeep-CheckSilent'],
] as const)(
  'an alarm that is %s is seen within a day, and its return within an hour',
  async (state, says) => {
    const at = await livingDesk();
    at.alarm.state = state;
    at.clock.advance(dayMs);
    await at.run();
    expect(await said(at)).toEqual([says]);
    at.alarm.state = 'on';
    at.clock.advance(hourMs);
    await at.run();
    expect(await said(at)).toEqual([]);
  },
);

test('a topic that alarms may not publish to is seen within six hours, and its return within an hour', async () => {
  const at = await livingDesk();
  at.audience.isClosed = true;
  at.clock.advance(6 * hourMs);
  await at.run();
  expect(await said(at)).toEqual([
    'false TopicClosed!: what AWS itself reports cannot reach certkeep-alerts: its policy does not let it',
  ]);
  at.audience.isClosed = false;
  at.clock.advance(hourMs);
  await at.run();
  expect(await said(at)).toEqual([]);
});

test('each complete check gives its sign of life', async () => {
  const at = await livingDesk();
  expect(at.outside.beats).toBe(1);
  await runsFor(at, hourMs);
  expect(at.outside.beats).toBe(7);
});

test('a check that could not do everything gives none', async () => {
  const at = await livingDesk();
  at.fails.queue = true;
  await at.holds(healthy({ desired: null, versions: [] }));
  await expect(at.run()).rejects.toThrow();
  at.fails.queue = false;
  at.fails.listing = true;
  await expect(at.run()).rejects.toThrow();
  at.fails.listing = false;
  await at.objects.put(partKey('issue', 'shop'), '{"schemaVersion": 1', 'application/json');
  await expect(at.run()).rejects.toThrow();
  expect(at.outside.beats).toBe(1);
});

test('where nobody at home has confirmed anything, no sign of life is given', async () => {
  const at = await livingDesk();
  at.audience.confirmed = 0;
  at.clock.advance(6 * hourMs);
  await at.run();
  expect(at.outside.beats).toBe(1);
  at.audience.confirmed = 1;
  await runsFor(at, 10 * minuteMs);
  expect(at.outside.beats).toBe(2);
});

test('a sign of life that fails fails no check, and people hear of it after 25 minutes', async () => {
  const at = await livingDesk();
  at.outside.isDown = true;
  await runsFor(at, 20 * minuteMs);
  expect(await said(at)).toEqual(['unknown SignOfLifeFailed: the heartbeat fails: HTTP 500']);
  await runsFor(at, 20 * minuteMs);
  expect(await said(at)).toEqual(['false SignOfLifeFailed!: the heartbeat fails: HTTP 500']);
  at.outside.isDown = false;
  await runsFor(at, 20 * minuteMs);
  expect(await said(at)).toEqual([]);
});

test('a sign of life that goes on to fail writes its observation once', async () => {
  const at = await livingDesk();
  at.outside.isDown = true;
  await runsFor(at, 10 * minuteMs);
  const etag = async () => (await at.objects.get('observations/check.json'))?.etag;
  const written = await etag();
  await runsFor(at, hourMs);
  expect(await etag()).toBe(written);
});

test('a sign of life that fails keeps its beginning when another one fails, too', async () => {
  const at = await livingDesk();
  at.clock.advance(6 * hourMs);
  at.outside.isDown = true;
  await runsFor(at, 10 * minuteMs);
  const begun = at.clock.now().toISOString();
  at.outside.isReplicaAway = true;
  at.clock.advance(6 * hourMs);
  await runsFor(at, 20 * minuteMs);
  const { signs } = await s3Observations(at.objects).read();
  expect(signs.heartbeat?.since).toBe(begun);
  expect(Object.keys(signs).toSorted()).toEqual(['heartbeat', 'look at eu-west-1']);
});

test('alert that no longer comes is measured with each check, and is said after three hours', async () => {
  const at = await livingDesk();
  at.alert.cameAt = at.clock.now().toISOString();
  await runsFor(at, 3 * hourMs);
  expect(await said(at)).toEqual([]);
  await runsFor(at, 10 * minuteMs);
  expect(await said(at)).toEqual([
    expect.stringMatching(/^false AlertNotSeen!: alert has not come after a check since /),
  ]);
  expect(at.measured.at(-1)).toBe(3 * 3600);
  delete at.alert.cameAt;
  await runsFor(at, 10 * minuteMs);
  expect([at.measured.at(-1), await said(at)]).toEqual([0, []]);
});

test('alert that has never come is waited for from the first check on', async () => {
  const at = desk();
  at.alert.cameAt = null;
  await at.holds(healthy());
  await at.run();
  await runsFor(at, 3 * hourMs + 10 * minuteMs);
  expect(at.measured.at(-1)).toBe(3 * 3600);
});

test('alert that stays away after its mark was lost is waited for anew', async () => {
  const at = desk();
  at.alert.cameAt = null;
  await at.holds(healthy());
  await at.run();
  await runsFor(at, 10 * minuteMs);
  delete at.alert.cameAt;
  await runsFor(at, 5 * hourMs);
  at.alert.cameAt = null;
  await runsFor(at, 20 * minuteMs);
  expect(at.measured.at(-1)).toBeLessThan(3_600);
});

test('while no check runs, nobody waits for alert', async () => {
  const at = await livingDesk();
  at.alert.cameAt = at.clock.now().toISOString();
  at.clock.advance(30 * dayMs);
  await at.run();
  expect([at.measured.at(-1), await said(at)]).toEqual([0, []]);
});

test('a first replica that cannot be looked at stops no sign of life, and people hear of it', async () => {
  const at = await livingDesk();
  at.outside.isReplicaAway = true;
  at.clock.advance(dayMs);
  await runsFor(at, 40 * minuteMs);
  expect(at.outside.beats).toBe(1 + 4);
  expect(await said(at)).toEqual([
    'false SignOfLifeFailed!: the look at eu-west-1 fails: the region is away',
  ]);
  at.outside.isReplicaAway = false;
  await runsFor(at, 20 * minuteMs);
  expect(await said(at)).toEqual([]);
});

test('an age that no alarm can see is told as trouble of check', async () => {
  const at = await livingDesk();
  at.outside.isMeasureRefused = true;
  await expect(at.run()).rejects.toThrow('no metric');
  expect(at.outside.beats).toBe(1);
});

const at = (region: string, name: string) =>
  `{type: alb, listener: "arn:aws:elasticloadbalancing:${region}:123456789012:listener/app/${name}/50dc6c495c0c9188/f2f7dc8efc522ab2"}`;

/** Home and first replica in the usual regions; the shop has a target in each of these. */
function watchersFor(replicas: readonly string[], regions: readonly string[]) {
  const targets = `[${regions.map((region) => at(region, 'shop')).join(', ')}]`;
  const text = configYaml({
    replicas: `replicas: [${replicas}]`,
    certificates: certificatesYaml({ shop: { targets } }),
  });
  return watchersOf(parsed(text).config);
}

const alarms = 'cloudwatch.amazonaws.com';
const rules = 'events.amazonaws.com';

test('the first replica watches home, and is watched by it', () => {
  const watchers = watchersFor(['eu-west-1', 'eu-central-1'], []);
  expect(watchers.topics).toMatchObject([
    { key: 'certkeep-alerts', publishers: [], addresses: ['ops@certkeep.dev'] },
    { key: 'certkeep-watch', publishers: [alarms], addresses: [] },
    { key: 'certkeep-watch in eu-west-1', publishers: [alarms] },
  ]);
  expect(watchers.alarms.at(-1)).toEqual({
    key: 'certkeep-HomeSilent in eu-west-1',
    name: 'certkeep-HomeSilent',
    region: 'eu-west-1',
  });
});

test('where ACM reports an end, it is watched that somebody hears', () => {
  const regions = ['us-east-1', 'eu-west-1', 'eu-central-1', 'ca-central-1'];
  expect(watchersFor(['eu-west-1', 'eu-central-1'], regions).topics.slice(1)).toMatchObject([
    { key: 'certkeep-watch', publishers: [alarms, rules] },
    { key: 'certkeep-watch in eu-west-1', publishers: [alarms, rules] },
    { key: 'certkeep-watch in eu-central-1', publishers: [rules] },
    { key: 'certkeep-watch-of-us-east-1 in ca-central-1', publishers: [rules] },
  ]);
});

test('people hear of an owner whose addresses nobody has confirmed, and that somebody has', async () => {
  const email = [
    { address: 'ops@certkeep.dev' },
    { address: 'a@certkeep.dev', owners: ['team-shop'] },
    { address: 'b@certkeep.dev', owners: ['team-shop', 'team-docs'] },
  ];
  const living = desk({ alerts: { ...silent, email } });
  living.audience.unconfirmed = ['a@certkeep.dev', 'b@certkeep.dev'];
  await living.holds(healthy());
  await living.run();
  expect(await said(living)).toEqual([
    'false NobodyConfirmed!: nobody of team-shop gets messages; not confirmed: a@certkeep.dev, b@certkeep.dev',
    'false NobodyConfirmed!: nobody of team-docs gets messages; not confirmed: b@certkeep.dev',
  ]);
  living.audience.unconfirmed = ['b@certkeep.dev'];
  living.clock.advance(hourMs);
  await living.run();
  expect(await said(living)).toEqual([
    'false NobodyConfirmed!: nobody of team-docs gets messages; not confirmed: b@certkeep.dev',
  ]);
});

const ops = 'arn:aws:sns:eu-west-1:222222222222:ops';

test('what a topic of the user refuses is trouble since the first refusal, until it refuses nothing', async () => {
  const at = desk({ alerts: { ...silent, snsTopic: ops } });
  await at.holds(healthy());
  await at.run();
  expect(await said(at)).toEqual([]);
  const since = at.clock.now().toISOString();
  at.alert.refusals = { [ops]: { since, by: 'message', message: 'SNS: not authorized' } };
  await at.run();
  expect(await said(at)).toEqual([
    `false TopicRefuses!: ${ops} does not take messages: SNS: not authorized`,
  ]);
  at.alert.refusals = {};
  await at.run();
  expect(await said(at)).toEqual([]);
});

test('whoever wants messages at a topic of their own alone need not subscribe to that of the installation', async () => {
  const nobodyAt = (alerts: object) => {
    const at = desk({ alerts: { ...silent, ...alerts } });
    at.audience.confirmed = 0;
    return at;
  };
  const about = async (at: Desk) => {
    await at.holds(healthy());
    await at.run();
    return (await said(at)).filter((line) => line.includes('certkeep-alerts'));
  };
  const nobody = 'false NobodyConfirmed!: nobody gets the messages of certkeep-alerts';
  expect(await about(nobodyAt({}))).toEqual([nobody]);
  expect(await about(nobodyAt({ snsTopic: ops }))).toEqual([]);
  const email = [{ address: 'ops@certkeep.dev' }];
  expect(await about(nobodyAt({ snsTopic: ops, email }))).toEqual([nobody]);
});

test('signs of life are given where a topic of the user hears, and not where it refuses', async () => {
  const at = desk({ alerts: { ...silent, snsTopic: ops } });
  at.audience.confirmed = 0;
  await at.holds(healthy());
  await at.run();
  await at.run();
  expect(at.outside.beats).toBe(2);
  const since = at.clock.now().toISOString();
  at.alert.refusals = { [ops]: { since, by: 'message', message: 'SNS: not authorized' } };
  await at.run();
  expect(at.outside.beats).toBe(2);
});
