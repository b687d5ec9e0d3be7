import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { stored } from '#shared/acquire/attempt.ts';
import { storeVersion } from '#shared/acquire/store/store.ts';
import { CertkeepError } from '#shared/errors.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { fakeKeyStore, paperMaterial } from '#test/support/fake-key-store.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import {
  attemptOf,
  configWith,
  failureUntil,
  healthy,
  inDays,
  now,
  versionOf,
} from '#test/support/healthy.ts';

const next = versionOf({ id: 'a1', serial: '0B' });
const material = paperMaterial('a1');

function shelf() {
  const steps: string[] = [];
  const keyStore = fakeKeyStore();
  const objects = fakeObjectStore();
  let record: CertificateRecord = healthy({ attempt: attemptOf() });
  return {
    steps,
    objects,
    record: () => record,
    ports: {
      config: configWith(),
      clock: virtualClock(),
      objects: {
        ...objects,
        put: async (...[key, body, type]: Parameters<typeof objects.put>) => {
          steps.push(key.split('/').at(-1) ?? '');
          return objects.put(key, body, type);
        },
      },
      keyStore: {
        ...keyStore,
        async storeVersion(...given: Parameters<typeof keyStore.storeVersion>) {
          steps.push('key store');
          return keyStore.storeVersion(...given);
        },
        async promote(...given: Parameters<typeof keyStore.promote>) {
          steps.push(`promoted, keeping ${given[2].join(' ')}`);
          return keyStore.promote(...given);
        },
      },
      mine: heldRecord(async (change) => {
        const after = change(record);
        if (after !== record) steps.push('ledger');
        record = after;
        return record;
      }),
    },
  };
}

test('the key is stored first, and the version becomes desired last', async () => {
  const { ports, steps } = shelf();
  await storeVersion(ports, 'shop', next, material);
  expect(steps).toEqual([
    'key store',
    'certificate.pem',
    'chain.pem',
    'promoted, keeping v1 a1',
    'ledger',
  ]);
});

test('doing it twice is doing it once', async () => {
  const { objects, ports, record } = shelf();
  await storeVersion(ports, 'shop', next, material);
  const once = record();
  await storeVersion(ports, 'shop', next, material);
  expect(record()).toBe(once);
  expect(objects.objects.get(publicPartKeys('shop', 'a1').chain)).toBe('chain of a1');
});

test('a store that is full is asked to drop what is kept no longer, and then takes the version', async () => {
  const { ports, steps } = shelf();
  let isFull = true;
  const keyStore = {
    ...ports.keyStore,
    async storeVersion(...given: Parameters<typeof ports.keyStore.storeVersion>) {
      if (isFull) throw new CertkeepError('KeyStoreFull', 'no label is left');
      await ports.keyStore.storeVersion(...given);
    },
    async makeRoom(_: string, keep: readonly string[]) {
      steps.push(`room made, keeping ${keep.join(' ')}`);
      isFull = false;
    },
  };
  await storeVersion({ ...ports, keyStore }, 'shop', next, material);
  expect(steps.slice(0, 2)).toEqual(['room made, keeping v1 a1', 'key store']);
});

describe('the write that makes a version desired', () => {
  test('ends the attempt and holds the event', () => {
    const forced = { at: now.toISOString(), reason: 'the key leaked' };
    const before = healthy({ attempt: attemptOf(), forced, acquireFailure: failureUntil(now) });
    const after = stored(before, next, ['v1']);
    expect(after).toMatchObject({
      desired: 'a1',
      attempt: null,
      forced: null,
      acquireFailure: null,
    });
    expect(after.outbox.map(({ id }) => id)).toEqual(['shop-issued-a1']);
  });

  test('told twice is one event', () => {
    const after = stored(healthy(), next, ['v1']);
    expect(stored({ ...after, desired: 'v1' }, next, ['v1']).outbox).toHaveLength(1);
  });

  test('forgets the versions that are kept no longer', () => {
    const versions = ['v1', 'v2', 'v3'].map((id) => versionOf({ id }));
    const after = stored(healthy({ versions, desired: 'v3' }), next, ['v1', 'v3']);
    expect(after.versions.map(({ id }) => id)).toEqual(['v1', 'v3', 'a1']);
  });

  test.each([
    ['before the attempt', inDays(-1), true, false],
    ['while the attempt made a key of its own', inDays(1), false, false],
    ['after the attempt had taken over the old key', inDays(1), true, true],
  ])('does what a force asks for that came %s, or leaves it', (_, from, reuseKey, isLeft) => {
    const forced = { at: from.toISOString(), reason: 'the key leaked' };
    const record = healthy({ attempt: attemptOf({ reuseKey }), forced });
    expect(stored(record, next, []).forced).toEqual(isLeft ? forced : null);
  });

  test('puts one that is there already in its place', () => {
    const before = healthy({ versions: [next, versionOf()] });
    expect(stored(before, next, ['v1', 'a1']).versions.map(({ id }) => id)).toEqual(['v1', 'a1']);
  });

  test.each([
    [null, undefined],
    [{ at: now.toISOString(), reason: 'the key leaked' }, true],
  ])('says whether it takes the place of one that was forced away: %o', (forced, isUrgent) => {
    expect(stored(healthy({ forced }), next, []).versions.at(-1)?.isUrgent).toBe(isUrgent);
  });
});
