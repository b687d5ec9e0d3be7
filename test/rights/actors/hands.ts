import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { operatorClient } from '#local/operator.ts';
import { wholeLedger } from '#local/whole-ledger.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { World } from '#test/support/world.ts';
import type { Keys } from './actors.ts';

export type Hands = {
  readonly world: World;
  /** Options for any SDK client with what the actor may do. */
  readonly client: ReturnType<typeof operatorClient> & { readonly maxAttempts: number };
  /** Writes an object, however the actor may. @throws what S3 says to the last way */
  put(key: string, body: string | Buffer): Promise<void>;
  /** Writes over the record of a certificate, as it is, with these changes. */
  write(
    id: string,
    change: (record: CertificateRecord) => Partial<CertificateRecord>,
  ): Promise<void>;
};

export function handsOf(world: World, credentials: Keys): Hands {
  const { endpoint } = world.cloud;
  const client = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const s3 = new S3Client({ ...client, forcePathStyle: true });

  async function put(Key: string, body: string | Buffer): Promise<void> {
    const input = { Bucket: world.names.bucket, Key, Body: Buffer.from(body) };
    try {
      await s3.send(new PutObjectCommand(input));
    } catch {
      // Who may not use the key asks S3 for one of its own.
      await s3.send(new PutObjectCommand({ ...input, ServerSideEncryption: 'AES256' }));
    }
  }

  return {
    world,
    client,
    put,
    async write(id, change) {
      const { s3: stored } = world.cloud;
      const bodyOf = (key: string) => stored.bytesOf(world.names.bucket, key);
      const own = {
        get: async (key: string) => {
          const body = bodyOf(key);
          return body && { body, etag: '' };
        },
        async putIf(key: string, body: string) {
          await put(key, body);
          return { outcome: 'written', etag: '' } as const;
        },
        folders: async () => [],
        page: async () => ({ objects: [], isLast: true }),
      };
      await wholeLedger({ objects: own, clock: world.clock }).update(id, (record) => ({
        ...record,
        ...change(record),
      }));
    },
  };
}

/** Whether AWS has refused a call. */
export function isDenial(error: unknown): boolean {
  return /is not authorized to perform|explicit deny|Access ?Denied/i.test(String(error));
}
