import {
  type DistributionConfig,
  GetDistributionCommand,
  ListTagsForResourceCommand,
  CloudFrontClient as SdkClient,
  TagResourceCommand,
  UpdateDistributionCommand,
  type ViewerCertificate,
} from '@aws-sdk/client-cloudfront';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import { tagsIn } from '../tags-in.ts';
import { certificateIn, withCertificate } from './viewer-certificate.ts';

export type Distribution = {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** The ARN in ACM or the id in IAM; null where it has CloudFront's own. */
  readonly certificate: string | null;
  readonly aliases: readonly string[];
  /** A change of it has not reached every edge. */
  readonly isSpreading: boolean;
  readonly isStaging: boolean;
  readonly isForTenantsOnly: boolean;
  readonly hasContinuousDeployment: boolean;
  /** To be sent back with a change, and for nothing else. */
  readonly read: { readonly config: DistributionConfig; readonly etag: string };
};

/** CloudFront, in the terms of the target. */
export type CloudFrontClient = {
  /** @throws CertkeepError ListenerNotFound */
  distribution(id: string): Promise<Distribution>;
  /**
   * Changes the certificate alone, if nobody has changed the distribution since it was read.
   * @throws CertkeepError ChangeInProgress, ContinuousDeploymentAttached, ListenerRefused, ListenerNotFound; and
   * PreconditionFailed and InvalidViewerCertificate where CloudFront says so
   */
  setCertificate(distribution: Distribution, certificate: string): Promise<void>;
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  tag(arn: string, key: string, value: string): Promise<void>;
};

/** CloudFront through the SDK. */
export function awsCloudFrontClient(options: ClientOptions, clock: Clock): CloudFrontClient {
  const client = new SdkClient(options);
  return {
    distribution: (Id) =>
      named('GetDistribution', Id, async () => {
        const { Distribution, ETag = '' } = await client.send(new GetDistributionCommand({ Id }));
        const { DistributionConfig: config, DomainName = '', Status } = Distribution ?? {};
        if (!config) throw new CertkeepError('ServiceFailed', `CloudFront: no answer about ${Id}`);
        const [host = '', port = '443'] = DomainName.split(':');
        return {
          id: Id,
          host,
          port: Number(port),
          certificate: certificateIn(config.ViewerCertificate),
          aliases: config.Aliases?.Items ?? [],
          isSpreading: Status !== 'Deployed',
          isStaging: config.Staging === true,
          isForTenantsOnly: config.ConnectionMode === 'tenant-only',
          hasContinuousDeployment: Boolean(config.ContinuousDeploymentPolicyId),
          read: { config, etag: ETag },
        };
      }),
    setCertificate: ({ id, read: { config, etag } }, certificate) =>
      named('UpdateDistribution', id, async () => {
        const ViewerCertificate = withCertificate(
          config.ViewerCertificate,
          certificate,
        ) as ViewerCertificate;
        const DistributionConfig = { ...config, ViewerCertificate };
        const command = new UpdateDistributionCommand({
          Id: id,
          IfMatch: etag,
          DistributionConfig,
        });
        await client.send(command).catch((cause) => {
          throw errorName(cause) === 'IllegalUpdate' ? illegal(id, cause, clock.now()) : cause;
        });
      }),
    tags: (Resource) =>
      named('ListTagsForResource', Resource, async () => {
        const { Tags } = await client.send(new ListTagsForResourceCommand({ Resource }));
        return tagsIn(Tags?.Items ?? []);
      }),
    tag: (Resource, Key, Value) =>
      named('TagResource', Resource, async () => {
        const Items = [{ Key, Value }];
        await client.send(new TagResourceCommand({ Resource, Tags: { Items } }));
      }),
  };
}

/** A change takes some minutes, and AWS does not say how many. */
const lookAgainMs = 2 * minuteMs;

/** CloudFront has one error for all that it does not change now, which differ in their texts. */
function illegal(id: string, cause: unknown, now: Date): CertkeepError {
  const text = errorMessage(cause);
  if (/in progress/i.test(text)) {
    const message = `CloudFront: an earlier change of the certificate of ${id} is on its way to the edges`;
    return new CertkeepError('ChangeInProgress', message, {
      cause,
      retryAt: addMs(now, lookAgainMs),
    });
  }
  const name = /continuous deployment/i.test(text)
    ? 'ContinuousDeploymentAttached'
    : 'ListenerRefused';
  return new CertkeepError(name, `CloudFront: UpdateDistribution ${id}: ${text}`, { cause });
}

const named = serviceCalls({
  service: 'CloudFront',
  stage: 'rebind',
  known: {
    PreconditionFailed: 'as-is',
    InvalidViewerCertificate: 'as-is',

    NoSuchDistribution: 'ListenerNotFound',
    NoSuchResource: 'ListenerNotFound',
    InconsistentQuantities: 'ListenerRefused',
    InvalidArgument: 'ListenerRefused',
    InvalidIfMatchVersion: 'ListenerRefused',
    InvalidMinimumProtocolVersion: 'ListenerRefused',
    InvalidTagging: 'ListenerRefused',
    TooManyCertificates: 'ListenerRefused',
  },
});
