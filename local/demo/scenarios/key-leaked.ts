import { S3Client } from '@aws-sdk/client-s3';
import { sceneryClient } from 'local-cloud/operator.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { secondMs, systemClock } from '#shared/time/clock.ts';
import { recordOf } from '../report.ts';
import type { Setting } from '../setting.ts';
import { wholeLedger } from '../whole-ledger.ts';
import type { Scenario } from './scenario.ts';

const id = 'shop';
/** RFC 5280 §5.3.1 */
const keyCompromise = 1;

export const keyLeaked: Scenario = {
  breaks:
    'the key of shop stands in a public repository, and the CA, which was told of it, revokes the certificate',
  hurried: 'certkeep asks for the revocation list of a CA once in some hours; here it does at once',
  reason: 'Revoked',
  options: { ca: { revocationList: true, revocationListMs: 5 * secondMs } },
  certificates: () => [id],
  async breakIt(setting) {
    const version = desiredVersion(recordOf(setting, id));
    if (!version) throw new Error(`local: there is no certificate of ${id}`);
    setting.cloud.ca.revoke(version.serial, keyCompromise);
  },
  hurry: askAtOnce,
};

/** As if the time until the next look at the list were over. */
async function askAtOnce({ cloud, config, names }: Setting): Promise<void> {
  const clock = systemClock;
  const objects = s3ObjectStore({
    client: new S3Client(sceneryClient(cloud, config.home.region)),
    bucket: names.bucket,
    owner: config.home.account,
    clock,
  });
  const nextCheckAt = clock.now().toISOString();
  await wholeLedger({ objects, clock })
    .update(id, (record) => {
      const { revocation } = record;
      if (!revocation || revocation.revokedAt || record.attempt) return record;
      return { ...record, revocation: { ...revocation, nextCheckAt } };
    })
    // Somebody writes the record at this moment: the next round does it.
    .catch(() => undefined);
}
