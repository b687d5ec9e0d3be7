import { expect, test } from 'vitest';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { neighboursAt } from '#shared/deploy/verify/neighbours.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { recordOfEveryField } from '#test/support/record-of-every-field.ts';

const target = { type: 'alb', listener: listenerArn('shop'), certificate: 'sni' } as const;

function certificate(id: string): CertificateConfig {
  return { id, names: ['shop.example.com'], targets: [target] } as unknown as CertificateConfig;
}

const config = {
  home: { account: '123456789012', region: 'us-east-1' },
  certificates: ['shop', 'twin', 'broken', 'newer'].map(certificate),
} as unknown as Config;

function read(failing: Readonly<Record<string, CertkeepError>>) {
  return async (id: string): Promise<CertificateRecord> => {
    const error = failing[id];
    if (error) throw error;
    return recordOfEveryField();
  };
}

test('neighbours whose records cannot be read are named, and hide nothing of the others', async () => {
  const ledger = {
    read: read({
      broken: new CertkeepError('LedgerUnreadable', 'is not JSON'),
      newer: new CertkeepError('WrittenByNewerRelease', 'schemaVersion 2'),
    }),
  };
  const { certificates, unread } = await neighboursAt({ config, ledger }, certificate('shop'));
  const known = recordOfEveryField().versions.map((each) => [each.fingerprintSha256, 'twin']);
  expect([...certificates]).toEqual(known);
  expect(unread.toSorted()).toEqual(['broken', 'newer']);
});

test('a ledger that does not answer is not taken for one without neighbours', async () => {
  const ledger = { read: read({ twin: new CertkeepError('ServiceRefused', 'no') }) };
  await expect(neighboursAt({ config, ledger }, certificate('shop'))).rejects.toMatchObject({
    name: 'ServiceRefused',
  });
});
