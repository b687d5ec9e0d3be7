import type { OutsideCall } from 'local-cloud/faults.ts';
import { expect, test } from 'vitest';
import { callNames, representatives } from './calls.ts';

const read: OutsideCall = {
  service: 'acm',
  operation: 'DescribeCertificate',
  caller: 'deploy',
  region: 'us-east-1',
  input: { CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1' },
};
const write: OutsideCall = { ...read, operation: 'ImportCertificate' };

function named(...calls: readonly OutsideCall[]) {
  const names = callNames('fleet');
  names.begin('deploy', { certificate: 'shop', place: 'home' });
  for (const call of calls) names.name(call);
  return names.seen;
}

test('a call is named by its run, its request and its number', () => {
  expect(named(read, read).map(({ id }) => id)).toEqual([
    'fleet deploy(shop)/1 acm DescribeCertificate #1',
    'fleet deploy(shop)/1 acm DescribeCertificate #2',
  ]);
});

test('random parts of a name are left out', () => {
  const Key = 'certificates/shop/versions/3f1c2d4e-1111-4222-8333-444455556666/chain.pem';
  const [call] = named({ ...read, service: 's3', operation: 'PutObject', input: { Key } });
  expect(call?.id).toBe(
    'fleet deploy(shop)/1 s3 PutObject certificates/shop/versions/*/chain.pem #1',
  );
});

test('calls outside any run have no name', () => {
  expect(named({ ...read, caller: null })).toEqual([]);
});

test('first, second and last stand for reads between which nobody changes anything', () => {
  const chosen = representatives(named(read, read, read, read, write, read));
  expect(chosen.map(({ operation, occurrence }) => `${operation} ${occurrence}`)).toEqual([
    'DescribeCertificate 1',
    'DescribeCertificate 2',
    'DescribeCertificate 4',
    'DescribeCertificate 5',
    'ImportCertificate 1',
  ]);
});
