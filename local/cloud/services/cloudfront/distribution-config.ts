import { randomInt } from 'node:crypto';
import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { AwsError } from '../../wire/service.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Ids and ETags have this form: `E2QWRUHAPOMQZL`. */
export function newId(): string {
  return `E${Array.from({ length: 13 }, () => letters[randomInt(letters.length)]).join('')}`;
}

/** Throws where a configuration is not whole: UpdateDistribution merges nothing. */
export function checkConfig(config: DistributionConfig | undefined): DistributionConfig {
  if (!config) throw new AwsError('MissingBody', 'The body is missing.');
  const { Aliases, CallerReference, DefaultCacheBehavior, Origins } = config;
  const isWhole =
    CallerReference &&
    DefaultCacheBehavior?.TargetOriginId &&
    Origins?.Items?.length &&
    config.Comment !== undefined &&
    config.Enabled !== undefined;
  if (!isWhole) {
    throw new AwsError('InvalidArgument', 'The configuration lacks a required member.');
  }
  for (const { Quantity, Items } of [Origins, ...(Aliases ? [Aliases] : [])]) {
    if (Quantity === (Items ?? []).length) continue;
    const message = "The value of Quantity and the size of Items don't match.";
    throw new AwsError('InconsistentQuantities', message);
  }
  if (!Origins.Items?.some(({ Id }) => Id === DefaultCacheBehavior.TargetOriginId)) {
    const message = 'One or more of your origins or origin groups do not exist.';
    throw new AwsError('NoSuchOrigin', message, 404);
  }
  if (config.Staging && (Aliases?.Quantity ?? 0) > 0) {
    throw new AwsError('InvalidArgument', 'A staging distribution has no aliases.');
  }
  return config;
}

/** The members that an answer shows although nobody sent them. */
export function withDefaults(config: DistributionConfig): DistributionConfig {
  return {
    Aliases: { Quantity: 0 },
    DefaultRootObject: '',
    OriginGroups: { Quantity: 0 },
    CacheBehaviors: { Quantity: 0 },
    CustomErrorResponses: { Quantity: 0 },
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    PriceClass: 'PriceClass_All',
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http2',
    IsIPV6Enabled: true,
    ContinuousDeploymentPolicyId: '',
    Staging: false,
    ...config,
  };
}
