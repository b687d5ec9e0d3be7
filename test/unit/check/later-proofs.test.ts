import { expect, test } from 'vitest';
import { proofsOfRun } from '#shared/deploy/verify/run-proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import { readStatus } from '#shared/status/status-object.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { configWith, healthy, versionOf, wanted } from '#test/support/healthy.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/a1';
const certificate = wanted({ targets: [{ type: 'alb', listener, certificate: 'default' }] });
const config = configWith({ certificates: [certificate] });
const [target] = identitiesOf(certificate, config.home);
const key = target?.key ?? '';

/** `shop` was proven three days ago, by its record. */
async function provenDaysAgo() {
  const at = desk({ certificates: [certificate] });
  const now = at.clock.now();
  const provenAt = addMs(now, -3 * dayMs).toISOString();
  const deployment: Deployment = {
    ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v1', arn: 'arn' },
    ...{ previous: null, baselineSerial: null, probe: null, failure: null, provenAt },
    changedAt: provenAt,
    nextProbeAt: addMs(now, -66 * hourMs).toISOString(),
  };
  const issuedAt = provenAt;
  const record = healthy({
    versions: [versionOf({ issuedAt })],
    deployments: { [key]: deployment },
  });
  await at.holds(record);
  const book = s3VerifyBook(at.objects);
  const reasons = async () => {
    await at.run();
    const { status } = await readStatus(at.objects);
    return status?.causes.map(({ reason }) => reason);
  };
  /** As a run of verify that finds nothing new. */
  async function prove(): Promise<void> {
    const run = proofsOfRun(book, at.clock);
    const present = at.clock.now();
    const lookedAt = present.toISOString();
    const nextProbeAt = addMs(present, 6 * hourMs).toISOString();
    run.add(record, [{ key }], [{ key, repeats: provenAt, at: lookedAt, nextProbeAt, lookedAt }]);
    await run.write();
  }
  const asked = () => at.sent.filter(({ kind }) => kind === 'verify').length;
  return Object.assign(at, { asked, prove, reasons });
}

test('an endpoint that was proven in time is well, though its record was not written', async () => {
  const at = await provenDaysAgo();
  await at.prove();
  expect([await at.reasons(), at.asked()]).toEqual([[], 0]);
  at.clock.advance(7 * hourMs);
  expect([await at.reasons(), at.asked()]).toEqual([[], 1]);
  at.clock.advance(dayMs);
  expect(await at.reasons()).toContain('ProofOverdue');
});

test.each(['is lost', 'is no such object'])(
  'where what verify has seen %s, the endpoint is asked, and people hear of it after a day',
  async (what) => {
    const at = await provenDaysAgo();
    await at.prove();
    if (what === 'is lost') await at.objects.remove('observations/verify.json');
    else await at.objects.put('observations/verify.json', '[1', 'application/json');
    expect([await at.reasons(), at.asked()]).toEqual([[], 1]);
    at.clock.advance(23 * hourMs);
    expect(await at.reasons()).not.toContain('ProofOverdue');
    at.clock.advance(70 * minuteMs);
    expect(await at.reasons()).toContain('ProofOverdue');
    await at.prove();
    expect(await at.reasons()).not.toContain('ProofOverdue');
  },
);

test('where what verify has seen cannot be read, the check fails, and nobody hears that nothing was asked', async () => {
  const at = await provenDaysAgo();
  await at.prove();
  const { get } = at.objects;
  at.objects.get = (name, most) =>
    name === 'observations/verify.json' ? Promise.reject(new Error('S3: no')) : get(name, most);
  await expect(at.reasons()).rejects.toThrow('S3: no');
  const { status } = await readStatus(at.objects);
  expect(status?.causes.map(({ reason }) => reason)).not.toContain('ProofOverdue');
});
