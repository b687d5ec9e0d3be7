import { expect, test } from 'vitest';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, inDays, now, wanted } from '#test/support/healthy.ts';

const retiredPlaces = ['123456789012/eu-west-1', '123456789012/eu-central-1'];
const imported: AcmImport = {
  arn: 'arn',
  versionId: 'v1',
  importing: null,
  previousVersionId: null,
  retired: [],
  importedAt: now.toISOString(),
  publishedArn: 'arn',
  publishFailure: null,
  leaving: null,
};
const [left = ''] = retiredPlaces;
const takeOut = { kind: 'deploy', certificate: 'shop', place: left };

test.each([
  ['configured', [wanted()]],
  ['forgotten', []],
])('a %s certificate is taken out of the retired place that it is in', async (_, certificates) => {
  const { holds, run, sent } = desk({
    certificates,
    retired: { solvers: [], places: retiredPlaces },
  });
  await holds(healthy({ imports: { [left]: imported, '123456789012/us-east-1': imported } }));
  const lines = await run();
  expect(sent).toEqual([takeOut]);
  expect(lines.map(({ action, reason }) => [action, reason])).toEqual(
    certificates.map(() => ['deploy', `${left} is retired`]),
  );
});

test.each<[string, Partial<CertificateRecord>, number]>([
  ['before it is time to look again', { imports: { [left]: waiting(1) } }, 0],
  ['once it is', { imports: { [left]: waiting(0) } }, 1],
  ['while a run is at it', { imports: { [left]: imported }, leases: leased(1) }, 0],
  ['after a run has died at it', { imports: { [left]: imported }, leases: leased(0) }, 1],
])('a retired place %s', async (_, change, count) => {
  const { holds, run, sent } = desk({
    certificates: [],
    retired: { solvers: [], places: retiredPlaces },
  });
  await holds(healthy(change));
  await run();
  expect(sent).toHaveLength(count);
});

function waiting(days: number): AcmImport {
  return { ...imported, leaving: { lookAgainAt: inDays(days).toISOString(), failure: null } };
}

function leased(minutes: number): CertificateRecord['leases'] {
  const until = addMs(now, minutes * minuteMs).toISOString();
  return { [`deploy:${left}`]: { fence: 'f', holder: 'h', until } };
}
