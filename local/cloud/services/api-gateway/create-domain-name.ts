import { randomBytes } from 'node:crypto';
import type { CreateDomainNameCommandInput } from '@aws-sdk/client-api-gateway';
import { freePort } from '../../load-balancers/nodes.ts';
import { domainOf, partitionOf } from '../../region.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { balancerPage } from '../balancer-page.ts';
import { notImplemented } from '../not-implemented.ts';
import { timeline } from '../timeline.ts';
import { badRequest, certificateFor } from './certificates.ts';
import { type ApiGatewayState, type CustomDomain, domainKey, domainsOf } from './state.ts';
import { shownDomain } from './views.ts';

export async function createDomainName(
  state: ApiGatewayState,
  input: CreateDomainNameCommandInput,
  call: Call,
) {
  supportOnly('CreateDomainName', input, [
    'domainName',
    'certificateArn',
    'regionalCertificateArn',
    'endpointConfiguration',
    'tags',
    'securityPolicy',
    'mutualTlsAuthentication',
    'ownershipVerificationCertificateArn',
  ]);
  const name = input.domainName ?? '';
  if (!/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name)) throw badRequest('Invalid domain name');
  if (domainsOf(state, call).some((each) => each.name === name)) {
    throw new AwsError('ConflictException', 'The domain name you provided already exists.', 409);
  }
  const domain = await newDomain(state, name, input, call);
  state.domains.set(domainKey(call, domain.arn), domain);
  return shownDomain(state, domain);
}

async function newDomain(
  state: ApiGatewayState,
  name: string,
  input: CreateDomainNameCommandInput,
  call: Call,
): Promise<CustomDomain> {
  const type = typeOf(input);
  const truststoreUri = input.mutualTlsAuthentication?.truststoreUri ?? null;
  const ownershipArn = input.ownershipVerificationCertificateArn ?? null;
  const hasMutualTls = truststoreUri !== null;
  if (hasMutualTls && type === 'EDGE') {
    throw badRequest('Mutual TLS is supported for Regional domain names only.');
  }
  const arnOfType = type === 'EDGE' ? input.certificateArn : input.regionalCertificateArn;
  const wanted = { domain: name, type, hasMutualTls, ownershipArn } as const;
  const certificate = certificateFor(state, arnOfType, wanted, call);
  const { clock } = state;
  const certificates = timeline({ default: certificate, list: [] }, clock.now());
  const served = await serve(state, { name, type, hasMutualTls, certificates }, call);
  return {
    ...served,
    name,
    type,
    certificates,
    truststoreUri,
    ownershipArn,
    account: call.account,
    region: call.region,
    arn: `arn:${partitionOf(call.region)}:apigateway:${call.region}::/domainnames/${name}`,
    tags: new Map(Object.entries(input.tags ?? {})),
    securityPolicy: input.securityPolicy ?? 'TLS_1_2',
    changedAt: new Date(0),
    lock: null,
  };
}

function typeOf({ endpointConfiguration }: CreateDomainNameCommandInput): 'REGIONAL' | 'EDGE' {
  const [type = 'EDGE'] = endpointConfiguration?.types ?? [];
  if (type === 'PRIVATE') throw notImplemented('CreateDomainName', 'a private endpoint');
  return type;
}

const versions = () => ({ min: 'TLSv1.2', max: 'TLSv1.3' }) as const;

/** An edge of CloudFront far away hears of a change last. */
const nearestEdgeMs = 5_000;

/** AWS's own accounts hold what serves the domain names, and ACM's InUseBy names those. */
const ownersOfEndpoints = { REGIONAL: '392220576650', EDGE: '969236854626' } as const;

/** Opens its endpoint, whose port is not 443 here: only root could listen there. */
async function serve(
  { balancers, updatingMs }: ApiGatewayState,
  {
    name,
    type,
    hasMutualTls,
    certificates,
  }: Pick<CustomDomain, 'name' | 'type' | 'certificates'> & { readonly hasMutualTls: boolean },
  { region }: Call,
) {
  const id = randomBytes(5).toString('hex');
  const isEdge = type === 'EDGE';
  const owner = ownersOfEndpoints[type];
  const arn = isEdge
    ? `arn:aws:cloudfront::${owner}:distribution/E${id.toUpperCase()}`
    : `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${owner}:loadbalancer/net/cdtls-${id}/${id}`;
  const host = await balancers.add({
    name: `domain ${name}`,
    arn,
    region,
    internal: false,
    dnsName: isEdge ? `d${id}.cloudfront.net` : `d-${id}.execute-api.${region}.${domainOf(region)}`,
    spreadMs: isEdge ? [nearestEdgeMs, updatingMs.edge] : [0, updatingMs.regional],
  });
  const port = await freePort();
  const tls = { certificates, kind: 'single', versions, asksClients: hasMutualTls } as const;
  await balancers.listen(arn, { port, tls, respond: balancerPage(name) });
  return { host, port };
}
