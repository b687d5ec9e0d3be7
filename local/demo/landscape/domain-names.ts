import { APIGatewayClient, CreateDomainNameCommand } from '@aws-sdk/client-api-gateway';
import { operatorClient } from 'local-cloud/operator.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { type Builder, type DomainTarget, domainKey, domainPlace, localPlace } from './builder.ts';
import { importOther } from './certificates.ts';

/** Creates a custom domain name of API Gateway with somebody else's certificate for the same names. */
export async function createDomainName(
  builder: Builder,
  target: DomainTarget,
  { names }: CertificateConfig,
): Promise<void> {
  const { domain, endpoint } = target;
  const { account, region } = domainPlace(builder, target);
  const arn = await importOther(builder, localPlace(builder, target), names, 'rsa-2048');
  const gateway = new APIGatewayClient(operatorClient(builder.cloud, region, account));
  const isEdge = endpoint === 'edge';
  await gateway.send(
    new CreateDomainNameCommand({
      domainName: domain,
      endpointConfiguration: { types: [isEdge ? 'EDGE' : 'REGIONAL'] },
      ...(isEdge ? { certificateArn: arn } : { regionalCertificateArn: arn }),
    }),
  );
  builder.listeners.set(domainKey(builder, target), { account });
  builder.onStep(`domain name ${domain} of API Gateway, ${endpoint}`);
}
