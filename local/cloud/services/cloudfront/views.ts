import type {
  Distribution as Described,
  DistributionConfig,
  DistributionSummary,
} from '@aws-sdk/client-cloudfront';
import { type CloudFrontState, type Distribution, statusOf } from './state.ts';

export function described(state: CloudFrontState, distribution: Distribution) {
  const { arn, config, domainName, id, modifiedAt } = distribution;
  const shown: Described = {
    Id: id,
    ARN: arn,
    Status: statusOf(state, distribution),
    LastModifiedTime: modifiedAt,
    InProgressInvalidationBatches: 0,
    DomainName: domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: config,
    AliasICPRecordals: [],
  };
  return { Distribution: shown, ETag: etagOf(distribution) };
}

export function etagOf({ etags }: Distribution): string {
  return etags.at(-1) ?? '';
}

export function summaryOf(state: CloudFrontState, distribution: Distribution): DistributionSummary {
  const { arn, config, domainName, id, modifiedAt } = distribution;
  const {
    CallerReference: _reference,
    Logging: _logging,
    DefaultRootObject: _root,
    ...shown
  } = config;
  return {
    ...(shown as Required<DistributionConfig>),
    Id: id,
    ARN: arn,
    ETag: etagOf(distribution),
    Status: statusOf(state, distribution),
    LastModifiedTime: modifiedAt,
    DomainName: domainName,
  };
}
