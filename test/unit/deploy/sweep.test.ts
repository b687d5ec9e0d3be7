import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { sweep } from '#shared/deploy/verify/sweep.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { CertificateWork } from '#shared/queues/work.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { configWith, healthy, inDays, now, wanted } from '#test/support/healthy.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/';
const certificates = ['a1', 'b2', 'c3'].map((id) =>
  wanted({ id, targets: [{ type: 'alb', listener: `${listener}${id}`, certificate: 'default' }] }),
);
const config = configWith({ certificates });
let sent: CertificateWork[];
let isEmpty: boolean;

beforeEach(() => {
  sent = [];
  isEmpty = true;
});

function recordDue(id: string, minutesAgo: number): CertificateRecord {
  const targets = certificates.find((each) => each.id === id)?.targets ?? [];
  const deployment: Deployment = {
    state: 'proven',
    place: '123456789012/us-east-1',
    versionId: 'v1',
    arn: 'arn',
    previous: null,
    baselineSerial: null,
    changedAt: inDays(-9).toISOString(),
    provenAt: inDays(-9).toISOString(),
    probe: null,
    nextProbeAt: addMs(now, -minutesAgo * minuteMs).toISOString(),
    failure: null,
  };
  const deployments = identitiesOf(targets, config.home).map(({ key }) => [key, deployment]);
  return healthy({ id, deployments: Object.fromEntries(deployments) });
}

async function swept(
  minutesAgo: readonly number[],
  { most = 10, unreadable = '' } = {},
): Promise<readonly string[]> {
  const records = new Map(
    certificates.map(({ id }, at) => [id, recordDue(id, minutesAgo[at] ?? 0)]),
  );
  const ledger = {
    async read(id: string) {
      if (id === unreadable) throw new CertkeepError('LedgerUnreadable', id);
      return records.get(id) ?? null;
    },
  };
  const queues = {
    send: async (work: CertificateWork) => void sent.push(work),
    isEmpty: async () => isEmpty,
  };
  await sweep({ config, ledger, queues, clock: virtualClock(), most });
  return sent.map(({ certificate }) => certificate).toSorted();
}

test('verify sends what check should have sent twice by now', async () => {
  expect(await swept([20, 19, 60])).toEqual(['a1', 'c3']);
});

test('verify sends nothing while something is in the queue', async () => {
  isEmpty = false;
  expect(await swept([60, 60, 60])).toEqual([]);
});

test('no more is sent than can be done until the next time', async () => {
  expect(await swept([60, 60, 60], { most: 2 })).toHaveLength(2);
});

test('a record that cannot be read keeps no other endpoint from being asked', async () => {
  const sweeping = swept([60, 60, 60], { unreadable: 'b2' });
  await expect(sweeping).rejects.toThrow('1 certificates could not be looked at');
  expect(sent.map(({ certificate }) => certificate).toSorted()).toEqual(['a1', 'c3']);
});
