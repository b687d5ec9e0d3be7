import { clientsOf } from './clients.ts';
import { type CloudUnderTest, homeRegion, otherRegion, uniqueName } from './cloud.ts';

export async function createBucket(cloud: CloudUnderTest, region: string): Promise<string> {
  const { s3 } = clientsOf(cloud, region);
  const Bucket = uniqueName('certkeep');
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.createBucket({ Bucket });
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration });
  return Bucket;
}

export async function createQueue(cloud: CloudUnderTest): Promise<string> {
  const { QueueUrl } = await clientsOf(cloud).sqs.createQueue({
    QueueName: `${uniqueName('certkeep')}.fifo`,
    Attributes: { FifoQueue: 'true' },
  });
  return QueueUrl as string;
}

export function configText(cloud: CloudUnderTest, targetsYaml: string): string {
  return `
home: {account: "${cloud.account}", region: ${homeRegion}}
replicas: [${otherRegion}]
issuers:
  local: {type: acme, directory: "https://ca.example/directory", termsOfServiceAgreed: true}
solvers: [{type: route53}]
certificates:
  shop:
    names: [shop.example.com]
    issuer: local
    key: rsa-2048
    targets:${targetsYaml}`;
}
