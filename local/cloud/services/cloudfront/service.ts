import * as module from '@aws-sdk/client-cloudfront';
import { type Clock, minuteMs } from '../../clock.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import type { Place } from '../../wire/place.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import type { MaterialInput } from '../acm/material.ts';
import type { TagSource } from '../tagging/source.ts';
import { createDistribution, createDistributionWithTags } from './create-distribution.ts';
import { getDistribution, getDistributionConfig, listDistributions } from './distributions.ts';
import { ownCertificate, servedOutsideAcm } from './own-certificate.ts';
import type { CloudFrontState } from './state.ts';
import { listTagsForResource, tagResource } from './tags.ts';
import { updateDistribution } from './update-distribution.ts';

export type CloudFront = {
  readonly operations: Operations;
  /** The tags of a distribution by its ARN, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
  /** Changes take this long to be deployed from now on, also those that are on their way. */
  setDeployMs(ms: number): void;
  /** There is a server certificate of this id in IAM, which the local cloud has not. */
  holdIamCertificate(place: Pick<Place, 'account'>, id: string, material: MaterialInput): void;
} & TagSource;

/** AWS documents no duration; people see a few minutes. */
const usualDeployMs = 4 * minuteMs;
/** Part of that time until the first edge has a change. */
const firstEdge = 0.25;

/** CloudFront: distributions that listen with TLS, two of their edges, and changes that take minutes to reach both. */
export function cloudfront(options: {
  readonly clock: Clock;
  readonly balancers: LoadBalancers;
  readonly find: (arn: string) => AcmCertificate | null;
  /** The time until it knows a newly imported certificate. */
  readonly certificateLagMs?: number;
  /** From a change to the status Deployed. */
  readonly deployMs?: number;
}): CloudFront {
  const { balancers, certificateLagMs = 0, clock, deployMs = usualDeployMs, find } = options;
  const state: CloudFrontState = {
    clock,
    balancers,
    find,
    certificateLagMs,
    deployMs,
    spreadMs: [firstEdge * deployMs, deployMs],
    own: ownCertificate(clock),
    iamCertificates: new Map(),
    distributions: new Map(),
  };
  return {
    operations: {
      CreateDistribution: (input, call) => createDistribution(state, input, call),
      CreateDistributionWithTags: (input, call) => createDistributionWithTags(state, input, call),
      GetDistribution: (input, call) => getDistribution(state, input, call),
      GetDistributionConfig: (input, call) => getDistributionConfig(state, input, call),
      ListDistributions: (input, call) => listDistributions(state, input, call),
      UpdateDistribution: (input, call) => updateDistribution(state, input, call),
      TagResource: (input, call) => tagResource(state, input, call),
      ListTagsForResource: (input, call) => listTagsForResource(state, input, call),
    },
    tagsOf: (arn) =>
      [...state.distributions.values()].find((each) => each.arn === arn)?.tags ?? null,
    // Global resources are told of in one region ("you must use us-east-1", API_GetResources.html).
    taggedIn: ({ account, region }) =>
      [...state.distributions.values()].filter(
        (each) => each.account === account && region === 'us-east-1',
      ),
    setDeployMs(ms) {
      state.deployMs = ms;
      state.spreadMs.splice(0, 2, firstEdge * ms, ms);
    },
    holdIamCertificate: ({ account }, id, material) =>
      void state.iamCertificates.set(
        `${account}/${id}`,
        servedOutsideAcm(id, material, clock.now()),
      ),
  };
}

export function cloudfrontService({ operations }: CloudFront): RunningService {
  return serviceOf('cloudfront', module, module.CloudFrontClient, operations);
}
