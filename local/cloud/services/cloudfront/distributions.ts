import type {
  GetDistributionCommandInput,
  GetDistributionConfigCommandInput,
  ListDistributionsCommandInput,
} from '@aws-sdk/client-cloudfront';
import { AwsError, type Call } from '../../wire/service.ts';
import { pageOf } from '../pages.ts';
import { type CloudFrontState, distributionAt, distributionsOf } from './state.ts';
import { described, etagOf, summaryOf } from './views.ts';

const maxPage = 100;

export function getDistribution(
  state: CloudFrontState,
  { Id }: GetDistributionCommandInput,
  call: Call,
) {
  return described(state, distributionAt(state, Id, call));
}

export function getDistributionConfig(
  state: CloudFrontState,
  { Id }: GetDistributionConfigCommandInput,
  call: Call,
) {
  const distribution = distributionAt(state, Id, call);
  return { DistributionConfig: distribution.config, ETag: etagOf(distribution) };
}

export function listDistributions(
  state: CloudFrontState,
  { Marker, MaxItems }: ListDistributionsCommandInput,
  call: Call,
) {
  // An empty marker is none.
  const token = Marker || undefined;
  const size = Math.min(Number(MaxItems ?? maxPage), maxPage);
  const all = distributionsOf(state, call);
  const page = size >= 1 ? pageOf(all, { token, size }, ({ id }) => id) : null;
  if (!page) throw new AwsError('InvalidArgument', 'The marker or the page size is not valid.');
  return {
    DistributionList: {
      Marker: Marker ?? '',
      MaxItems: size,
      IsTruncated: page.next !== null,
      ...(page.next !== null && { NextMarker: page.next }),
      Quantity: page.items.length,
      ...(page.items.length > 0 && { Items: page.items.map((each) => summaryOf(state, each)) }),
    },
  };
}
