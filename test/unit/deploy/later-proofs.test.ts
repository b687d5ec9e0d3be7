import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { textWith, withLaterProofs } from '#shared/deploy/verify/later-proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';
import { runs } from '#test/support/full.ts';
import { healthy, inDays, now } from '#test/support/healthy.ts';

describe('a proof that shows what the record says already', () => {
  let stage: Stage;
  const record = 'records/verify/shop.json';
  const written = () => stage.objects.objects.get(record);
  const asked = async () => (await stage.verify()).outcome;

  beforeEach(async () => {
    stage = deployStage();
    await stage.issue('v1');
    await stage.deploy();
    await stage.verify();
  });

  /** A proof after the one in the record. */
  async function provenAgain(): Promise<string | undefined> {
    const first = written();
    stage.clock.advance(8 * hourMs);
    expect(await asked()).toBe('verified');
    return first;
  }

  test('writes no record, and counts for six hours', async () => {
    const first = await provenAgain();
    expect(written()).toBe(first);
    stage.clock.advance(4 * hourMs);
    expect(await asked()).toBe('nothing-to-do');
    stage.clock.advance(4 * hourMs);
    expect(await asked()).toBe('verified');
    expect(written()).toBe(first);
  });

  test('is forgotten with the object that holds it: the endpoint is asked at once, and the object made anew', async () => {
    await provenAgain();
    await stage.objects.remove('observations/verify.json');
    expect(await asked()).toBe('verified');
    expect(await asked()).toBe('nothing-to-do');
  });

  test('is asked for again where its run dies before it is kept', async () => {
    stage.clock.advance(8 * hourMs);
    stage.objects.refuseNextWrites(30);
    await expect(stage.verify()).rejects.toThrow('others wrote first every time');
    expect(await asked()).toBe('verified');
  });

  test('does not hide a listener that is gone since', async () => {
    await provenAgain();
    const { key } = stage.target;
    stage.clock.advance(hourMs);
    const at = stage.clock.now().toISOString();
    await stage.ledgerOf('verify').update('shop', (current) => ({
      ...current,
      deployments: {
        [key]: { ...(current.deployments[key] as Deployment), nextProbeAt: at },
      },
    }));
    expect(await asked()).toBe('verified');
  });

  test('does not hide what a person asks for since', async () => {
    await provenAgain();
    stage.clock.advance(hourMs);
    const retried = { at: stage.clock.now().toISOString(), run: 'by-hand' };
    await stage.ledgerOf('check').update('shop', (current) => ({ ...current, retried }));
    expect(await asked()).toBe('verified');
    expect(await asked()).toBe('nothing-to-do');
  });

  test('is followed by a record as soon as the endpoint serves something else', async () => {
    const first = await provenAgain();
    stage.clock.advance(8 * hourMs);
    stage.spoil(stage.target.key, 'F0');
    await stage.verify();
    expect(await stage.states()).toEqual(['contradicted']);
    expect(written()).not.toBe(first);
  });

  test('counts only for the proof that it repeats', async () => {
    await provenAgain();
    await stage.issue('v2');
    await stage.deploy();
    expect(await asked()).toBe('verified');
    const { proofs } = await s3VerifyBook(stage.objects).read();
    const after = await stage.record();
    const since = null;
    expect(withLaterProofs(after, { text: proofs.shop, since }, stage.clock.now())).toBe(after);
  });
});

const keys = ['listener/a', 'listener/b'];
const provenAt = inDays(-3).toISOString();

function recordWith(change: Partial<Deployment> = {}): CertificateRecord {
  const deployment: Deployment = {
    state: 'proven',
    place: '123456789012/us-east-1',
    versionId: 'v1',
    arn: 'arn',
    previous: null,
    baselineSerial: null,
    changedAt: inDays(-4).toISOString(),
    provenAt,
    probe: null,
    nextProbeAt: addMs(inDays(-3), 6 * hourMs).toISOString(),
    failure: null,
    ...change,
  };
  return healthy({ deployments: Object.fromEntries(keys.map((key) => [key, deployment])) });
}

const proofAt = (at: Date, change = {}) => ({
  key: 'listener/a',
  repeats: provenAt,
  at: at.toISOString(),
  nextProbeAt: addMs(at, 6 * hourMs).toISOString(),
  lookedAt: at.toISOString(),
  ...change,
});

function known(proof: ReturnType<typeof proofAt>, record = recordWith()): string | null {
  const text = textWith(record, undefined, [proof], now);
  const after = withLaterProofs(record, { text, since: null }, now);
  return after.deployments['listener/a']?.provenAt ?? null;
}

test('a proof counts for its own target', () => {
  const at = addMs(now, -hourMs);
  const record = recordWith();
  const text = textWith(record, undefined, [proofAt(at)], now);
  const { deployments } = withLaterProofs(record, { text, since: null }, now);
  expect(keys.map((key) => deployments[key]?.provenAt)).toEqual([at.toISOString(), provenAt]);
});

test('a proof takes the place of the one before, and those of other targets stay', () => {
  const record = recordWith();
  const [first, second] = [addMs(now, -8 * hourMs), addMs(now, -hourMs)];
  const other = proofAt(first, { key: 'listener/b' });
  const text = textWith(record, undefined, [proofAt(first), other], now);
  const after = textWith(record, text, [proofAt(second)], now);
  expect(after.split(';')).toHaveLength(2);
  const { deployments } = withLaterProofs(record, { text: after, since: null }, now);
  expect(keys.map((key) => deployments[key]?.provenAt)).toEqual(
    [second, first].map((at) => at.toISOString()),
  );
});

test.each([
  ['lies ahead', proofAt(addMs(now, hourMs))],
  ['leaves the endpoint alone for days', proofAt(now, { nextProbeAt: inDays(3).toISOString() })],
  ['is of another proof', proofAt(now, { repeats: inDays(-2).toISOString() })],
  ['is older than the look that the record wants', proofAt(addMs(inDays(-3), 5 * hourMs))],
])('a proof that %s does not count', (_, proof) => {
  expect(known(proof)).toBe(provenAt);
});

test.each(['awaiting-proof', 'contradicted', 'unknown', 'failed', 'rolled-back'] as const)(
  'a proof does not count for a target that is %s',
  (state) => {
    expect(known(proofAt(now), recordWith({ state }))).toBe(provenAt);
  },
);

test('a target counts as due no longer than proofs are kept', () => {
  const due = (since: string | null) =>
    withLaterProofs(recordWith(), { text: undefined, since }, now).deployments['listener/a']
      ?.nextProbeAt;
  const stored = recordWith().deployments['listener/a']?.nextProbeAt;
  expect([due(null), due(now.toISOString()), due(inDays(9).toISOString())]).toEqual([
    stored,
    now.toISOString(),
    stored,
  ]);
});

test('whatever stands there, nothing changes but when proven targets were asked, and none is left alone for more than a day', () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 9_999_999_999_999 }),
    fc.integer({ min: -10, max: 10 }).map((days) => inDays(days).getTime()),
    fc.constant(Date.parse(provenAt)),
  );
  const line = fc
    .tuple(fc.constantFrom(...keys), fc.array(number, { minLength: 3, maxLength: 5 }))
    .map(([key, times]) => {
      const [short = ''] = textWith(recordWith(), undefined, [proofAt(now, { key })], now).split(
        ' ',
      );
      return [short, ...times].join(' ');
    });
  const text = fc.oneof(
    fc.string(),
    fc.array(line).map((lines) => lines.join(';')),
  );
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(null, ...[-9, 0, 9].map((days) => inDays(days).toISOString())),
      (given, since) => {
        const record = recordWith();
        const after = withLaterProofs(record, { text: given, since }, now);
        const timeless = ({ deployments, ...rest }: CertificateRecord) => ({
          ...rest,
          deployments: Object.values(deployments).map((each) => ({
            ...each,
            provenAt: null,
            nextProbeAt: null,
          })),
        });
        expect(timeless(after)).toEqual(timeless(record));
        for (const { nextProbeAt } of Object.values(after.deployments)) {
          expect(Date.parse(nextProbeAt ?? '')).toBeLessThanOrEqual(
            now.getTime() + dayMs + 2 * 60_000,
          );
        }
      },
    ),
    { numRuns: runs(1_000) },
  );
});
