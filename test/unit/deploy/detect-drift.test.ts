import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { detectDrift } from '#shared/deploy/drift/detect-drift.ts';
import type { Rounds } from '#shared/deploy/drift/rounds.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import {
  type CertificateRecord,
  type Deployment,
  emptyRecord,
} from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { addMs, dayMs, hourMs, secondMs } from '#shared/time/clock.ts';
import { configWith } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

const home = { account: '000000000000', region: 'us-east-1' };
const place = placeKey(home);
const ids = ['a', 'b', 'c'];

/** Three certificates, each on a listener of its own, from which somebody has taken it. */
function stage(trouble: { readonly record?: ErrorName; readonly listener?: ErrorName } = {}) {
  const clock = virtualClock();
  const certificates = ids.map((id) => ({
    id,
    targets: [
      {
        type: 'alb' as const,
        listener: `arn:aws:elasticloadbalancing:us-east-1:${home.account}:listener/app/${id}/0123456789abcdef/0123456789abcdef`,
        certificate: 'default' as const,
      },
    ],
  }));
  const config = configWith({ home, issuers: {}, certificates: certificates as never });
  const keyOf = (at: number) => identityOf(certificates[at]?.targets[0] as never, home, '').key;
  const deployment = {
    ...{ state: 'proven', place, versionId: 'v1', arn: 'arn:ours', previous: null },
    ...{ baselineSerial: null, provenAt: null, probe: null, failure: null },
    changedAt: addMs(clock.now(), -hourMs).toISOString(),
    nextProbeAt: addMs(clock.now(), hourMs).toISOString(),
  } satisfies Deployment;
  const endpointOf = (name: string) => ({
    ...{ name, host: `${name}.example`, port: 443 },
    lookedAt: addMs(clock.now(), -hourMs).toISOString(),
  });
  const records = new Map<string, CertificateRecord>(
    ids.map((id, at) => [
      id,
      {
        ...emptyRecord(id, clock.now()),
        desired: 'v1',
        deployments: { [keyOf(at)]: { ...deployment, endpoint: endpointOf(id) } },
      },
    ]),
  );
  let rounds: Rounds = {};
  const sent: unknown[] = [];
  const ports = {
    config,
    clock,
    log: silentLog,
    ledger: {
      async read(id: string) {
        if (id === 'a' && trouble.record) throw new CertkeepError(trouble.record, 'no');
        return records.get(id) ?? null;
      },
      async update(id: string, change: (record: CertificateRecord) => CertificateRecord) {
        const next = change(records.get(id) as CertificateRecord);
        records.set(id, next);
        return next;
      },
    },
    rounds: {
      read: async () => rounds,
      update: async (change: (all: Rounds) => Rounds) => {
        rounds = change(rounds);
        return rounds;
      },
    },
    targetsOf: ({ id }: { readonly id: string }) => [
      {
        key: keyOf(ids.indexOf(id)),
        position: 'default' as const,
        async readHeld() {
          if (id === 'b' && trouble.listener) throw new CertkeepError(trouble.listener, 'no');
          return { default: 'arn:theirs', list: [] };
        },
      },
    ],
    queues: { send: async (work: unknown) => void sent.push(work) },
  };
  const invocation = { id: 'run', deadline: addMs(clock.now(), 150 * secondMs) };
  return {
    keyOf,
    look: () => detectDrift(ports as never, place, invocation),
    round: () => rounds[place],
    sent,
    now: () => clock.now().toISOString(),
    deploymentOf: (id: string) => records.get(id)?.deployments[keyOf(ids.indexOf(id))],
    change(id: string, changes: Partial<Deployment>) {
      const record = records.get(id) as CertificateRecord;
      const key = keyOf(ids.indexOf(id));
      const next = { ...(record.deployments[key] as Deployment), ...changes };
      records.set(id, { ...record, deployments: { [key]: next } });
    },
  };
}

test('a record that cannot be read keeps no other listener from being looked at', async () => {
  const { keyOf, look, round } = stage({ record: 'LedgerUnreadable' });
  expect((await look()).drifted).toEqual([keyOf(1), keyOf(2)]);
  expect(round()?.next).toBeNull();
});

test('a round that is throttled goes on where it was, and not with the first listener again', async () => {
  const { keyOf, look, round } = stage({ listener: 'ServiceThrottled' });
  expect((await look()).drifted).toEqual([keyOf(0)]);
  expect(round()?.next ?? '').toContain(keyOf(1));
});

test('a listener that is gone keeps no other from being looked at', async () => {
  const { keyOf, look } = stage({ listener: 'ListenerNotFound' });
  expect((await look()).drifted).toEqual([keyOf(0), keyOf(2)]);
});

test('the endpoint of a listener that is gone is asked at once, and not where it was', async () => {
  const { deploymentOf, look, now, sent } = stage({ listener: 'ListenerNotFound' });
  await look();
  expect(sent).toContainEqual({ kind: 'verify', certificate: 'b' });
  expect(deploymentOf('b')).toMatchObject({
    state: 'proven',
    nextProbeAt: now(),
    endpoint: { name: 'b', lookedAt: addMs(new Date(now()), -dayMs).toISOString() },
  });
});

test('an endpoint that is known to be unknown is not asked for it again', async () => {
  const { change, look, sent } = stage({ listener: 'ListenerNotFound' });
  change('b', { state: 'unknown' });
  await look();
  expect(sent).not.toContainEqual({ kind: 'verify', certificate: 'b' });
});
