import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { look } from '#shared/acquire/advice/look.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { revocationDue } from '#shared/acquire/advice/revocation.ts';
import type { Revocations } from '#shared/acquire/advice/revocations.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, issuers, versionOf, wanted } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

/** Another list, and another serial, than the certificate names. */
const version = versionOf({ crlUrl: 'http://10.0.0.1/admin' });
const made = await makeCertificate({ crlUrl: 'http://crl.example/1.crl' });

async function lookWith(revocations: Revocations) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  await wholeLedger({ objects, clock }).update('shop', () => healthy({ versions: [version] }));
  const { certificatePem, chainPem } = made;
  const keys = publicPartKeys('shop', 'v1');
  await objects.put(keys.certificate, certificatePem, 'text/plain');
  await objects.put(keys.chain, chainPem, 'text/plain');
  const read = async () => (await ledger.read('shop'))?.revocation;
  const run = async () => {
    const mine = heldRecord((change) => ledger.update('shop', change));
    const record = await mine.read();
    const issuerOf = () => ({ renewalInfo: async () => null });
    const recallBook = s3Recalls(objects);
    const ports = { config: { issuers }, mine, objects, issuerOf, recallBook, revocations, clock };
    const situation = { certificate: wanted(), issuers, record, now: clock.now() };
    return look({ ...ports, log: silentLog, random: () => 0.5 }, situation);
  };
  return { clock, read, run };
}

test('that a list is asked for is written down before, so that a run that it kills does not ask again at once', async () => {
  let inMeantime: Awaited<ReturnType<typeof world.read>>;
  const world = await lookWith(async () => {
    inMeantime = await world.read();
    throw new Error('killed');
  });
  await world.run();
  expect(inMeantime).toMatchObject({
    failures: 1,
    nextCheckAt: addMs(world.clock.now(), hourMs).toISOString(),
    failure: { message: 'the run that asked for the list has not come back' },
  });
  const record = healthy({ revocation: inMeantime ?? null });
  expect(revocationDue(record, version, { recalls: {}, now: world.clock.now() })).toBe(false);
  // Counted once, and with what was wrong in the end.
  expect(await world.read()).toMatchObject({ failures: 1, failure: { message: 'killed' } });
});

test('an answer leaves nothing of the question', async () => {
  const world = await lookWith(async () => ({
    revokedAt: null,
    reason: null,
    nextUpdate: addMs(world.clock.now(), 2 * dayMs),
  }));
  await world.run();
  expect(await world.read()).toEqual({
    versionId: 'v1',
    revokedAt: null,
    reason: null,
    askedAt: world.clock.now().toISOString(),
    nextCheckAt: addMs(world.clock.now(), dayMs).toISOString(),
    failures: 0,
    failure: null,
  });
});

test('which list is asked, and for what, says the certificate and not the record', async () => {
  const asked: unknown[] = [];
  const world = await lookWith(async ({ crlUrl, serial }) => {
    asked.push({ crlUrl, serial });
    throw new Error('no list');
  });
  await world.run();
  expect(asked).toEqual([{ crlUrl: 'http://crl.example/1.crl', serial: made.serial }]);
});
