import type { Acm } from '../services/acm/service.ts';
import type { ApiGateway } from '../services/api-gateway/service.ts';
import type { CloudFront } from '../services/cloudfront/service.ts';
import type { Elb } from '../services/elb/service.ts';
import type { Elbv2 } from '../services/elbv2/service.ts';
import type { S3 } from '../services/s3/service.ts';
import type { FoundSecret } from '../services/secrets-manager/found-secret.ts';
import type { SecretsManager } from '../services/secrets-manager/service.ts';
import type { ServerCertificates } from '../services/server-certificates/service.ts';
import type { Sns } from '../services/sns/service.ts';
import type { Ssm } from '../services/ssm/service.ts';
import type { Asker } from './asker.ts';

/** The key of a resource; null for AWS's own. */
export type Encryption = {
  readonly key: string | null;
  /** With S3 Bucket Keys, KMS sees the bucket instead of the object. */
  readonly bucketKey: boolean;
};

export type ObjectEncryption = {
  readonly algorithm: string | undefined;
  readonly keyId: string | undefined;
  readonly bucketKey: boolean;
};

/** Facts about resources that a decision needs. */
export type Resources = {
  /** Null for a resource that does not exist or has no tags. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
  /** The ARN of the server certificate of that name in the asker's account; null where there is none. */
  serverCertificate(asker: Asker, name: string): string | null;
  encryptionOf(arn: string): Encryption;
  /** The topic's attribute: id, ARN or alias. */
  topicKeyOf(arn: string): string | null;
  bucketOwner(bucket: string): string | null;
  /** Null where a reader would find no object. */
  objectAt(bucket: string, key: string, versionId: string | undefined): ObjectEncryption | null;
  secret(secretId: string | undefined, asker: Asker): FoundSecret | null;
  /** Marks an entry of AddReplicaRegions whose key the caller may not use. */
  refuseReplica(entry: object): void;
};

export type Services = {
  readonly acm: Pick<Acm, 'find'>;
  readonly apiGateway: Pick<ApiGateway, 'tagsOf'>;
  readonly cloudfront: Pick<CloudFront, 'tagsOf'>;
  readonly elb: Pick<Elb, 'tagsOf'>;
  readonly elbv2: Pick<Elbv2, 'tagsOf'>;
  readonly ssm: Pick<Ssm, 'tagsOf'>;
  readonly s3: Pick<S3, 'ownerOf' | 'versionsOf'>;
  readonly secrets: Pick<SecretsManager, 'find' | 'refuseReplica'>;
  readonly serverCertificates: Pick<ServerCertificates, 'tagsOf' | 'arnNamed'>;
  readonly sns: Pick<Sns, 'keyIdOf'>;
};

/** Reads them from the services of one cloud; only Iam knows the keys. */
export function resourcesOf(services: Services): Omit<Resources, 'encryptionOf'> {
  const { acm, apiGateway, cloudfront, elb, elbv2, s3, secrets, serverCertificates, sns, ssm } =
    services;
  const tagged = [elbv2, elb, cloudfront, ssm, apiGateway, serverCertificates];
  return {
    tagsOf: (arn) =>
      acm.find(arn)?.tags ?? tagged.map(({ tagsOf }) => tagsOf(arn)).find((tags) => tags) ?? null,
    serverCertificate: ({ account }, name) => serverCertificates.arnNamed(account, name),
    topicKeyOf: sns.keyIdOf,
    bucketOwner: s3.ownerOf,
    objectAt(bucket, key, versionId) {
      const versions = s3.versionsOf(bucket, key);
      const version =
        versionId === undefined
          ? versions[0]
          : versions.find((each) => each.versionId === versionId);
      if (!version || version.deleteMarker) return null;
      const { headers } = version;
      return {
        algorithm: headers.ServerSideEncryption,
        keyId: headers.SSEKMSKeyId,
        bucketKey: headers.BucketKeyEnabled ?? false,
      };
    },
    secret: secrets.find,
    refuseReplica: secrets.refuseReplica,
  };
}
