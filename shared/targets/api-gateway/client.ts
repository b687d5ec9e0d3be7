import {
  APIGatewayClient,
  type DomainName,
  GetDomainNameCommand,
  TagResourceCommand,
  TooManyRequestsException,
  UpdateDomainNameCommand,
} from '@aws-sdk/client-api-gateway';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import type { Endpoint } from '../target.ts';

export type DomainEndpoint = 'regional' | 'edge';

/** A custom domain name, as far as the target needs it. */
export type CustomDomain = {
  readonly certificateArn: string | null;
  readonly endpoint: Endpoint;
  /** `AVAILABLE`, `UPDATING`, … */
  readonly status: string;
  /** The service's own words about the status. */
  readonly statusMessage: string | null;
  readonly hasMutualTls: boolean;
  readonly tags: Readonly<Record<string, string>>;
};

/** The control plane of API Gateway, in the terms of the target. */
export type ApiGatewayClient = {
  /** @throws CertkeepError ListenerNotFound, also where its endpoint is of another type */
  domain(name: string, endpoint: DomainEndpoint): Promise<CustomDomain>;
  /**
   * Takes effect after a while.
   * @throws CertkeepError ListenerNotFound, ListenerRefused, IssuerWouldChange; DomainTurnTaken where somebody has used the
   * turn of these 30 seconds
   */
  setCertificate(name: string, endpoint: DomainEndpoint, certificateArn: string): Promise<void>;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  tag(domainArn: string, key: string, value: string): Promise<void>;
};

/** "1 request every 30 seconds per account", for each region, not adjustable (limits.html). */
const updateEveryMs = 30 * secondMs;

const paths = { regional: '/regionalCertificateArn', edge: '/certificateArn' } as const;

/** API Gateway through the SDK. Its REST control plane has the domain names of HTTP APIs as well, and changes one field. */
export function awsApiGatewayClient(options: ClientOptions, clock: Clock): ApiGatewayClient {
  const client = new APIGatewayClient(options);
  // A second try within 30 seconds would be refused, and look as if somebody else had used the turn.
  const once = new APIGatewayClient({ ...options, maxAttempts: 1 });
  return {
    domain: (domainName, endpoint) =>
      named('GetDomainName', domainName, async () =>
        described(await client.send(new GetDomainNameCommand({ domainName })), endpoint),
      ),
    setCertificate: (domainName, endpoint, value) =>
      named('UpdateDomainName', domainName, async () => {
        const patchOperations = [{ op: 'replace' as const, path: paths[endpoint], value }];
        await once.send(new UpdateDomainNameCommand({ domainName, patchOperations }));
      }).catch((error) => {
        throw refusal(error, domainName, clock);
      }),
    tag: (resourceArn, key, value) =>
      named('TagResource', resourceArn, async () => {
        await client.send(new TagResourceCommand({ resourceArn, tags: { [key]: value } }));
      }),
  };
}

function described(domain: DomainName, endpoint: DomainEndpoint): CustomDomain {
  const isEdge = endpoint === 'edge';
  const host = isEdge ? domain.distributionDomainName : domain.regionalDomainName;
  const certificateArn = isEdge ? domain.certificateArn : domain.regionalCertificateArn;
  const types = domain.endpointConfiguration?.types ?? [];
  if (!host || !types.includes(isEdge ? 'EDGE' : 'REGIONAL')) {
    const message = `API Gateway: the endpoint of ${domain.domainName} is ${types.join(', ') || 'of no type'}, and not ${endpoint}`;
    throw new CertkeepError('ListenerNotFound', message);
  }
  return {
    certificateArn: certificateArn ?? null,
    endpoint: endpointIn(host),
    status: domain.domainNameStatus ?? 'AVAILABLE',
    statusMessage: domain.domainNameStatusMessage ?? null,
    hasMutualTls: Boolean(domain.mutualTlsAuthentication?.truststoreUri),
    tags: domain.tags ?? {},
  };
}

/** The port is 443, unless the name comes with one, as that of a local cloud does. */
function endpointIn(text: string): Endpoint {
  const [host = '', port = '443'] = text.split(':');
  return { host, port: Number(port) };
}

/** Gives the two refusals a name that only their cause or their text distinguishes. */
function refusal(error: unknown, domain: string, clock: Clock): unknown {
  if (!isCertkeepError(error)) return error;
  const { cause } = error;
  if (cause instanceof TooManyRequestsException) {
    const message = `API Gateway: somebody else has changed a domain name within 30 seconds, so that ${domain} waits`;
    const retryAt = addMs(clock.now(), waitMsOf(cause));
    return new CertkeepError('DomainTurnTaken', message, { cause, retryAt });
  }
  if (/different issuer/i.test(errorMessage(cause))) {
    return new CertkeepError('IssuerWouldChange', error.message, { cause });
  }
  return error;
}

function waitMsOf({ retryAfterSeconds }: TooManyRequestsException): number {
  const named = Number(retryAfterSeconds) * secondMs;
  return named > 0 ? Math.min(named, 2 * updateEveryMs) : updateEveryMs;
}

const named = serviceCalls({
  service: 'API Gateway',
  stage: 'rebind',
  known: {
    NotFoundException: 'ListenerNotFound',
    // It does not cover the domain name, is in another region, or has a key that is too large.
    BadRequestException: 'ListenerRefused',
    ConflictException: 'ListenerRefused',
    LimitExceededException: 'ListenerRefused',
  },
});
