import { type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts, TargetIdentity } from '../target-plugin.ts';
import type { apiGatewaySpec } from './spec.ts';

export type ApiGatewayConfig = ConfiguredBy<(typeof apiGatewaySpec)['schema']>;

/** CloudFront, which serves the edge-optimized domain names of all regions, takes certificates from there alone. */
const regionOfEdges = 'us-east-1';

/** The place of the certificate may be another one than that of the domain name itself. */
export function domainIn({ listener }: Pick<TargetIdentity, 'listener'>) {
  const [, region = '', domain = ''] = listener.split('/');
  return { region, arn: `arn:${partitionOf(region)}:apigateway:${region}::/domainnames/${domain}` };
}

export const apiGatewayFacts = {
  identify({ account, domain, endpoint, region }: ApiGatewayConfig, home: Place) {
    const own = { account: account ?? home.account, region: region ?? home.region };
    const listener = `${placeKey(own)}/${domain}`;
    // Other partitions have no edges, and are refused by name.
    const isAtEdges = endpoint === 'edge' && partitionOf(own.region) === 'aws';
    return {
      key: `api-gateway:${listener}`,
      place: isAtEdges ? { ...own, region: regionOfEdges } : own,
      listener,
      isExclusive: true,
      // ACM names a load balancer or a distribution of an account of AWS instead, which nobody here knows.
      resourceArn: domainIn({ listener }).arn,
    };
  },
  permissionValues({ endpoint, region }: ApiGatewayConfig, home: Place) {
    return {
      domainRegion: [region ?? home.region],
      edge: endpoint === 'edge' ? [endpoint] : [],
    };
  },
  takesTurns: true,
} satisfies TargetFacts<ApiGatewayConfig>;
