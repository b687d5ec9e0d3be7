import { expect, test } from 'vitest';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { type Condition, clientsText } from '#shared/status/condition.ts';
import { conditionsOf } from '#shared/status/status.ts';
import { readStatus, statusKey } from '#shared/status/status-object.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { failureUntil, healthy, inDays, versionOf } from '#test/support/healthy.ts';

async function statusOf({ objects }: Pick<ReturnType<typeof desk>, 'objects'>) {
  const { status } = await readStatus(objects);
  if (!status) throw new Error('check has written no status');
  const said = (conditions: readonly Condition[]) =>
    conditions.map(({ message, reason, type }) => `${type} ${reason}: ${message}`);
  return {
    ...status,
    installationSays: said(conditionsOf(status, { conditions: status.conditions })),
    says: Object.fromEntries(
      status.certificates.map((each) => [each.id, said(conditionsOf(status, each))]),
    ),
    clients: status.certificates.flatMap((each) =>
      conditionsOf(status, each).map(({ danger }) => clientsText(danger)),
    ),
  };
}

test('each check writes the state of the fleet', async () => {
  const at = desk();
  await at.holds(healthy());
  await at.run();
  expect(await statusOf(at)).toMatchObject({
    installation: { name: 'certkeep', account: '123456789012', region: 'us-east-1' },
    checkedAt: at.clock.now().toISOString().replace('.000Z', 'Z'),
    counts: { well: 1, working: 0, warning: 0, critical: 0 },
    says: { shop: [] },
  });
});

test('the state says since when, over many checks', async () => {
  const at = desk();
  await at.holds(healthy({ acquireFailure: failureUntil(inDays(9), { error: 'CaaForbids' }) }));
  const begun = at.clock.now().toISOString().replace('.000Z', 'Z');
  await at.run();
  at.clock.advance(dayMs);
  await at.run();
  const { certificates } = await statusOf(at);
  expect(certificates[0]?.conditions?.map(({ since }) => since)).toEqual([begun]);
});

test('a person who asks for one certificate leaves the state to the next check', async () => {
  const at = desk();
  await at.holds(healthy());
  await at.run({ certificates: ['shop'], retry: true, reason: 'to see' });
  expect(at.objects.objects.has(statusKey)).toBe(false);
});

test('a record that cannot be read is said, and its line stays', async () => {
  const at = desk();
  await at.holds(healthy());
  await at.run();
  await at.objects.put(partKey('issue', 'shop'), '{"schemaVersion": 1', 'application/json');
  await expect(at.run()).rejects.toThrow();
  const { certificates, installationSays, says } = await statusOf(at);
  expect(certificates[0]?.endsAt).not.toBeNull();
  expect(says.shop?.[0]).toContain('its record cannot be read');
  expect(installationSays).toHaveLength(1);
});

test('a certificate that left the configuration and is still bound is said, with its end', async () => {
  const at = desk({ certificates: [] });
  const listener = listenerArn('web');
  const ends = addMs(at.clock.now(), 2 * dayMs).toISOString();
  await at.holds(
    healthy({
      versions: [versionOf({ notAfter: ends })],
      deployments: {
        [`alb:default:${listener}`]: {
          ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v1', arn: 'arn:1' },
          ...{ previous: null, baselineSerial: null, changedAt: inDays(-9).toISOString() },
          ...{ provenAt: inDays(-1).toISOString(), probe: null, nextProbeAt: null, failure: null },
        },
      },
    }),
  );
  await at.run();
  const { clients, counts, says } = await statusOf(at);
  expect(counts).toMatchObject({ critical: 1 });
  expect(says.shop?.[0]).toBe(
    'Configured NotConfigured: it is not in the configuration any more, still bound at web (us-east-1), and ends there on 2026-11-24: nobody renews it',
  );
  expect(clients).toEqual([
    'clients at web (us-east-1) get a certificate that is valid until 2026-11-24',
  ]);
});

test('a record that S3 does not give once is waited for, and told after the second check without it', async () => {
  const at = desk();
  await at.holds(healthy());
  const { get } = at.objects;
  at.objects.get = (key, most) =>
    key.startsWith('records/') ? Promise.reject(new Error('timed out')) : get(key, most);
  const severities = async () => {
    await expect(at.run()).rejects.toThrow('timed out');
    const { causes } = await statusOf(at);
    return causes.map(({ reason, severity }) => `${reason} ${severity}`).sort();
  };
  expect(await severities()).toEqual(['CheckIncomplete none', 'RecordUnread none']);
  at.clock.advance(30 * minuteMs);
  expect(await severities()).toEqual(['CheckIncomplete warning', 'RecordUnread warning']);
});

test.each(['observations/check.json', 'dispatch/sent.json'])(
  'without %s the state is written all the same, and the run fails in the end',
  async (key) => {
    const at = desk();
    await at.holds(healthy({ acquireFailure: failureUntil(inDays(9), { error: 'CaaForbids' }) }));
    const { get } = at.objects;
    at.objects.get = (asked, most) =>
      asked === key ? Promise.reject(new Error('no such luck')) : get(asked, most);
    await expect(at.run()).rejects.toThrow('no such luck');
    expect((await statusOf(at)).counts).toMatchObject({ warning: 1 });
  },
);

test('a state that cannot be written fails the run', async () => {
  const at = desk();
  await at.holds(healthy());
  const { putIf } = at.objects;
  at.objects.putIf = (key, body, etag) =>
    key === statusKey ? Promise.reject(new Error('no write')) : putIf(key, body, etag);
  await expect(at.run()).rejects.toThrow('no write');
});
