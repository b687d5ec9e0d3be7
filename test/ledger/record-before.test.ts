import { expect, test } from 'vitest';
import { emptyRecord } from '#shared/ledger/record/record.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';

/** Word for word as 0.1.0 wrote one: with an attempt under way, before issuers, advice and revocations were kept. */
const written = {
  schemaVersion: 1,
  id: 'shop',
  writeIds: ['w1'],
  updatedAt: '2026-11-22T03:00:00.000Z',
  desired: 'v1',
  versions: [
    {
      id: 'v1',
      serial: '04A1',
      names: ['example.com'],
      keyAlgorithm: 'ecdsa-p256',
      notBefore: '2026-11-01T00:00:00.000Z',
      notAfter: '2027-01-30T00:00:00.000Z',
      fingerprintSha256: '00',
      issuer: 'letsencrypt',
      orderUrl: 'https://ca.example/order/1',
      issuedAt: '2026-11-01T01:00:00.000Z',
    },
  ],
  attempt: {
    id: 'a1',
    reason: 'expires in 29 days',
    startedAt: '2026-11-22T03:00:00.000Z',
    issuer: 'letsencrypt',
    names: ['example.com'],
    keyAlgorithm: 'ecdsa-p256',
    configuration: 'c1',
    orderUrl: null,
    keyStored: false,
    csr: null,
    finalizeUrl: null,
    lookAgainAt: null,
  },
  acquireFailure: null,
  forced: null,
  leases: {},
  imports: {},
  deployments: {},
  txt: [],
  replicas: {},
  expiryTold: null,
  outbox: [],
  history: [],
};

test('a record of before is read, and what it does not know is not known', () => {
  const record = readRecord('shop', JSON.stringify(written));
  expect(record).toMatchObject({ ...written, renewalInfo: null, revocation: null, fallbacks: {} });
  expect(record.versions[0]?.origin).toBeUndefined();
  expect(record.attempt?.tried).toBeUndefined();
});

test('and it is complete with that', () => {
  const record = readRecord('shop', JSON.stringify(written));
  const fields = Object.keys(emptyRecord('shop', new Date('2026-11-22')));
  expect(Object.keys(record).toSorted()).toEqual(fields.toSorted());
});
