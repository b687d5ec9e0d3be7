import { expect, test } from 'vitest';
import type { HeldCertificate } from '#shared/deploy/import/acm.ts';
import { decideImport, type ImportSituation } from '#shared/deploy/import/decide-import.ts';
import { isOfThis } from '#shared/deploy/import/mark.ts';
import { emptyRecord, type Version } from '#shared/ledger/record/record.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

const now = new Date('2026-11-22T03:00:00Z');
const place = '000000000000/us-east-1';
const arn = 'arn:aws:acm:us-east-1:000000000000:certificate/1';
const ownBalancer = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/shop/1';

function version(id: string, change: Partial<Version> = {}): Version {
  return {
    id,
    serial: id.toUpperCase(),
    names: ['shop.example.com'],
    keyAlgorithm: 'ecdsa-p256',
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-01-30T00:00:00.000Z',
    fingerprintSha256: paperFingerprint(id),
    issuer: 'local',
    orderUrl: null,
    issuedAt: '2026-11-01T00:00:00.000Z',
    ...change,
  };
}

function held(change: Partial<HeldCertificate> = {}): HeldCertificate {
  return {
    arn,
    serial: 'A1',
    fingerprintSha256: paperFingerprint(change.serial ?? 'A1'),
    names: ['shop.example.com'],
    keyAlgorithm: 'ecdsa-p256',
    keyFamily: 'ecdsa',
    keyBits: 256,
    hashBits: 256,
    notBefore: new Date('2026-11-01T00:00:00Z'),
    notAfter: new Date('2027-01-30T00:00:00Z'),
    imported: true,
    hasKeyUsage: true,
    hasExtendedKeyUsage: true,
    inUseBy: [ownBalancer],
    ...change,
  };
}

/** Somebody's certificate with the serial of ours. */
function alike(serial: string): HeldCertificate {
  return held({ serial, fingerprintSha256: 'ee'.repeat(32) });
}

function importedTo(at: string, versionId: string) {
  const entry = {
    ...{ arn: at, versionId, importing: null, previousVersionId: null, retired: [] },
    ...{ importedAt: now.toISOString(), publishedArn: null, publishFailure: null, leaving: null },
  };
  return { imports: { [place]: entry } };
}

const ended = new Date('2027-02-01T00:00:00Z');

function recordOf(change: Partial<Version>) {
  return { ...emptyRecord('shop', now), versions: [version('a1', change), version('b2')] };
}

/** ACM holds our version a1, and b2 is desired. */
function situation(change: Partial<ImportSituation> = {}): ImportSituation {
  return {
    record: recordOf({}),
    desired: version('b2'),
    held: held(),
    heldMark: 'made',
    isOurs: isOfThis(change.heldMark ?? 'made'),
    place,
    foreign: [],
    adopt: 'new-arn',
    ownResources: [ownBalancer],
    storedVersions: ['a1'],
    desiredUsages: null,
    now,
    ...change,
  };
}

const bothUsages = { hasKeyUsage: true, hasExtendedKeyUsage: true };
const twoNames = ['shop.example.com', 'pay.example.com'];

const cases: Record<string, [Partial<ImportSituation>, string]> = {
  'our valid version with its key takes the new one on the same ARN': [{}, 'reimport'],
  'the desired version is already there': [{ held: held({ serial: 'B2' }) }, 'already-there'],
  'nothing of ours is there': [{ held: null }, 'new-import'],
  'somebody imported something else over ours': [
    { record: { ...recordOf({}), ...importedTo(arn, 'a1') }, held: held({ serial: 'C3' }) },
    'reimport',
  ],
  'something with the serial of ours was imported over it': [{ held: alike('A1') }, 'reimport'],
  'something with the serial of the desired version is there': [{ held: alike('B2') }, 'reimport'],
  'something with the serial of the desired version is where another certificate of ours has its own':
    [{ held: alike('B2'), heldMark: 'others' }, 'new-import'],
  'the desired version is there, and nothing says that we have put it there': [
    { held: held({ serial: 'B2' }), heldMark: 'none' },
    'new-import',
  ],
  'our valid version is there, and nothing says that we have put it there': [
    { heldMark: 'none' },
    'new-import',
  ],
  'the record does not say what was put there': [{ held: held({ serial: 'C3' }) }, 'new-import'],
  'something newer was imported over ours by somebody else': [
    {
      record: { ...recordOf({}), ...importedTo(arn, 'a1') },
      held: held({ serial: 'C3', notBefore: new Date('2026-11-20T00:00:00Z') }),
    },
    'reimport',
  ],
  'a newer version is there, which the key store knows and the record does not': [
    {
      record: { ...recordOf({}), ...importedTo(arn, 'a1') },
      held: held({ serial: 'C3', notBefore: new Date('2026-11-20T00:00:00Z') }),
      storedVersions: ['a1', 'c3'],
    },
    'newer-there',
  ],
  'our version there began later than the desired one, and the key store knows another one': [
    {
      held: held({ notBefore: new Date('2026-11-20T00:00:00Z') }),
      storedVersions: ['a1', 'c3'],
    },
    'reimport',
  ],
  'something with the serial of ours is where we have adopted': [
    { held: alike('A1'), heldMark: 'adopted' },
    'new-import',
  ],
  'somebody did, and we were told to adopt in place': [
    { held: held({ serial: 'C3' }), adopt: 'in-place' },
    'reimport',
  ],
  'the previous version has ended, which nobody would put back': [{ now: ended }, 'reimport'],
  'it has ended, and its key is no longer stored': [{ now: ended, storedVersions: [] }, 'reimport'],
  'it has been revoked, and its key is no longer stored': [
    { record: recordOf({ revokedAt: '2026-11-10T00:00:00.000Z' }), storedVersions: [] },
    'reimport',
  ],
  'it has ended, and the record has lost it': [
    { held: held({ serial: 'A0', notAfter: ended }), heldMark: 'made', now: ended },
    'reimport',
  ],
  'it has ended, the record has lost it, and somebody else made it': [
    { held: held({ serial: 'A0', notAfter: ended }), heldMark: 'adopted', now: ended },
    'new-import',
  ],
  'it has ended, and no name stays': [
    { now: ended, desired: version('b2', { names: ['new.example.com'] }) },
    'new-import',
  ],
  'another certificate of ours has imported over it, whatever it covers': [
    {
      held: held({ serial: 'C3', notBefore: new Date('2026-11-20T00:00:00Z') }),
      heldMark: 'others',
      adopt: 'in-place',
    },
    'new-import',
  ],
  'somebody else uses one whose names are not known, to be adopted in place': [
    {
      held: null,
      adopt: 'in-place',
      foreign: [held({ serial: 'F0', names: [], inUseBy: ['arn:aws:other'] })],
    },
    'new-import',
  ],
  'the previous key is lost': [{ storedVersions: [] }, 'new-import'],
  'the key type changes': [{ desired: version('b2', { keyAlgorithm: 'rsa-2048' }) }, 'new-import'],
  'the key there is of a kind we do not make': [
    { held: held({ keyAlgorithm: null }) },
    'new-import',
  ],
  'it has no key usage, which ACM does not let it get': [
    { held: held({ hasKeyUsage: false }), desiredUsages: bothUsages },
    'new-import',
  ],
  'it has no extended key usage, which ACM does not let it get': [
    { held: held({ hasExtendedKeyUsage: false }), desiredUsages: bothUsages },
    'new-import',
  ],
  'neither has a key usage': [
    {
      held: held({ hasKeyUsage: false }),
      desiredUsages: { hasKeyUsage: false, hasExtendedKeyUsage: true },
    },
    'reimport',
  ],
  'a name is dropped that only our targets served': [
    { held: held({ names: twoNames }) },
    'reimport',
  ],
  'a name is dropped that somebody else still serves': [
    { held: held({ names: twoNames, inUseBy: [ownBalancer, 'arn:aws:other'] }) },
    'new-import',
  ],
  'somebody else uses it and loses nothing': [
    { held: held({ inUseBy: [ownBalancer, 'arn:aws:other'] }) },
    'reimport',
  ],
  'a dropped name is covered by a new wildcard': [
    {
      held: held({ names: twoNames, inUseBy: ['arn:aws:other'] }),
      desired: version('b2', { names: ['shop.example.com', '*.example.com'] }),
    },
    'reimport',
  ],
  'no name stays, which ACM refuses': [
    { desired: version('b2', { names: ['new.example.com'] }) },
    'new-import',
  ],
  'a foreign certificate is adopted in place': [
    { held: null, adopt: 'in-place', foreign: [held({ serial: 'F0' })] },
    'reimport',
  ],
  'a foreign certificate is left alone by default': [
    { held: null, foreign: [held({ serial: 'F0' })] },
    'new-import',
  ],
  'a foreign certificate issued by Amazon cannot be adopted': [
    { held: null, adopt: 'in-place', foreign: [held({ serial: 'F0', imported: false })] },
    'new-import',
  ],
  'two foreign certificates cannot both be adopted': [
    { held: null, adopt: 'in-place', foreign: [held({ serial: 'F0' }), held({ serial: 'F1' })] },
    'new-import',
  ],
};

test.each(Object.entries(cases))('%s', (_, [change, outcome]) => {
  expect(decideImport(situation(change)).outcome).toBe(outcome);
});

test('a re-import names the version to put back', () => {
  expect(decideImport(situation())).toMatchObject({ arn, previousVersionId: 'a1' });
});

test('our own version is neither adopted nor imported over', () => {
  const reason = 'the certificate there is ours';
  const ours = { isAdopted: false, isOverwritten: false, reason };
  expect(decideImport(situation())).toMatchObject(ours);
});

test('an adopted certificate has nothing to put back', () => {
  const adopted = { held: null, adopt: 'in-place', foreign: [held({ serial: 'F0' })] } as const;
  expect(decideImport(situation(adopted))).toMatchObject({
    arn,
    previousVersionId: null,
    isAdopted: true,
  });
});

test('an old certificate of ours that the record has lost is not adopted', () => {
  const lost = {
    held: held({ serial: 'A0', notAfter: ended }),
    heldMark: 'made',
    now: ended,
  } as const;
  expect(decideImport(situation(lost))).toMatchObject({ arn, isAdopted: false });
});
