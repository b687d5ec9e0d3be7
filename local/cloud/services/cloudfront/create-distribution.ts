import { randomBytes } from 'node:crypto';
import type {
  CreateDistributionCommandInput,
  CreateDistributionWithTagsCommandInput,
  DistributionConfig,
  Tag,
} from '@aws-sdk/client-cloudfront';
import { freePort } from '../../load-balancers/nodes.ts';
import { globalArnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { balancerPage } from '../balancer-page.ts';
import { timeline } from '../timeline.ts';
import { checkConfig, newId, withDefaults } from './distribution-config.ts';
import { type CloudFrontState, type Distribution, distributionsOf } from './state.ts';
import { putTags } from './tags.ts';
import { servedUnder, shownViewerCertificate } from './viewer-certificate.ts';
import { described } from './views.ts';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html: 500 unless raised. */
const maxDistributions = 500;

export function createDistribution(
  state: CloudFrontState,
  { DistributionConfig }: CreateDistributionCommandInput,
  call: Call,
) {
  return create(state, DistributionConfig, [], call);
}

export function createDistributionWithTags(
  state: CloudFrontState,
  { DistributionConfigWithTags }: CreateDistributionWithTagsCommandInput,
  call: Call,
) {
  const { DistributionConfig, Tags } = DistributionConfigWithTags ?? {};
  return create(state, DistributionConfig, Tags?.Items ?? [], call);
}

async function create(
  state: CloudFrontState,
  given: DistributionConfig | undefined,
  tags: readonly Tag[],
  call: Call,
) {
  const config = withDefaults(checkConfig(given));
  checkNew(state, config, call);
  const certificates = await servedUnder(state, config, call);
  const now = state.clock.now();
  const id = newId();
  const arn = globalArnOf('cloudfront', { ...call, region: 'us-east-1' }, `distribution/${id}`);
  const host = `d${randomBytes(7).toString('hex').slice(0, 13)}.cloudfront.net`;
  const port = await freePort();
  const distribution: Distribution = {
    id,
    arn,
    account: call.account,
    domainName: `${host}:${port}`,
    tags: new Map(),
    certificates: timeline(certificates, now),
    config: { ...config, ViewerCertificate: shownViewerCertificate(config.ViewerCertificate) },
    etags: [newId()],
    modifiedAt: now,
    certificateChangedAt: null,
  };
  putTags(distribution, tags);
  await listen(state, distribution, { host, port });
  state.distributions.set(id, distribution);
  return described(state, distribution);
}

async function listen(
  { balancers, spreadMs }: CloudFrontState,
  { arn, certificates, id }: Distribution,
  { host: dnsName, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  await balancers.add({ name: id, arn, region: 'us-east-1', internal: false, dnsName, spreadMs });
  const versions = () => ({ min: 'TLSv1.2', max: 'TLSv1.3' }) as const;
  const tls = { certificates, kind: 'single', versions } as const;
  await balancers.listen(arn, { port, tls, respond: balancerPage(id) });
}

function checkNew(state: CloudFrontState, config: DistributionConfig, call: Call): void {
  const held = distributionsOf(state, call);
  if (held.some((each) => each.config.CallerReference === config.CallerReference)) {
    const message = 'The caller reference that you are using is already associated.';
    throw new AwsError('DistributionAlreadyExists', message, 409);
  }
  if (held.length >= maxDistributions) {
    throw new AwsError('TooManyDistributions', 'The quota of distributions is reached.');
  }
  const aliases = config.Aliases?.Items ?? [];
  // Aliases are unique over all accounts.
  const taken = [...state.distributions.values()].flatMap(
    (each) => each.config.Aliases?.Items ?? [],
  );
  if (aliases.some((alias) => taken.includes(alias))) {
    const message = 'One or more of the CNAMEs you provided are already associated.';
    throw new AwsError('CNAMEAlreadyExists', message, 409);
  }
}
