import type { UpdateDistributionCommandInput } from '@aws-sdk/client-cloudfront';
import { AwsError, type Call } from '../../wire/service.ts';
import { checkConfig, newId, withDefaults } from './distribution-config.ts';
import {
  type CloudFrontState,
  certificateIsOnItsWay,
  type Distribution,
  distributionAt,
} from './state.ts';
import { certificateIn, servedUnder, shownViewerCertificate } from './viewer-certificate.ts';
import { described } from './views.ts';

/** Replaces the whole configuration: what is not sent is not kept. */
export async function updateDistribution(
  state: CloudFrontState,
  { DistributionConfig, Id, IfMatch }: UpdateDistributionCommandInput,
  call: Call,
) {
  const distribution = distributionAt(state, Id, call);
  checkMatch(distribution, IfMatch);
  const config = withDefaults(checkConfig(DistributionConfig));
  if (config.CallerReference !== distribution.config.CallerReference) {
    throw new AwsError('IllegalUpdate', 'You cannot change the caller reference.');
  }
  const viewer = shownViewerCertificate(config.ViewerCertificate);
  const changesCertificate = isChanged(distribution, viewer);
  if (changesCertificate) checkMayChange(state, distribution);
  const certificates = await servedUnder(state, config, call);
  // Somebody else's update may have been faster.
  checkMatch(distribution, IfMatch);
  const now = state.clock.now();
  distribution.config = { ...config, ViewerCertificate: viewer };
  distribution.etags.push(newId());
  distribution.modifiedAt = now;
  distribution.certificates.set(certificates, now);
  if (changesCertificate) distribution.certificateChangedAt = now;
  return described(state, distribution);
}

function checkMatch({ etags }: Distribution, given: string | undefined): void {
  if (given === undefined || !etags.includes(given)) {
    const message = 'The If-Match version is missing or not valid for the resource.';
    throw new AwsError('InvalidIfMatchVersion', message);
  }
  if (given === etags.at(-1)) return;
  const message =
    'The request failed because it did not meet the preconditions in one or more request-header fields.';
  throw new AwsError('PreconditionFailed', message, 412);
}

type Viewer = ReturnType<typeof shownViewerCertificate>;

function isChanged({ config }: Distribution, viewer: Viewer): boolean {
  const before = config.ViewerCertificate ?? {};
  return (
    certificateIn(before) !== certificateIn(viewer) ||
    before.MinimumProtocolVersion !== viewer.MinimumProtocolVersion ||
    before.SSLSupportMethod !== viewer.SSLSupportMethod
  );
}

/** GitHub issues hashicorp/terraform#13495 and aws/aws-cli#10446 quote both messages. */
function checkMayChange(state: CloudFrontState, distribution: Distribution): void {
  if (distribution.config.ContinuousDeploymentPolicyId) {
    const message = 'One or more fields updated are not supported for continuous deployment';
    throw new AwsError('IllegalUpdate', message);
  }
  if (certificateIsOnItsWay(state, distribution)) {
    const message = 'Only one viewer certificate change may be in progress at a time.';
    throw new AwsError('IllegalUpdate', message);
  }
}
