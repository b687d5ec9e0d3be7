import type { SecurityPolicy } from '@aws-sdk/client-api-gateway';
import { addMs } from '../../clock.ts';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';
import type { CertificateSource } from '../elb-certificates.ts';
import type { Timeline } from '../timeline.ts';

/** How long a domain name is UPDATING after a change of its certificate. */
export type UpdatingMs = { readonly regional: number; readonly edge: number };

/** A state that does not pass by itself. */
export type Lock = 'FAILED' | 'PENDING_CERTIFICATE_REIMPORT' | 'PENDING_OWNERSHIP_VERIFICATION';

export type CustomDomain = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly type: 'REGIONAL' | 'EDGE';
  /** The name and the local port of the endpoint. */
  readonly host: string;
  readonly port: number;
  readonly certificates: Timeline<ListenerCertificates>;
  readonly tags: Map<string, string>;
  readonly securityPolicy: SecurityPolicy;
  readonly truststoreUri: string | null;
  readonly ownershipArn: string | null;
  changedAt: Date;
  lock: Lock | null;
};

export type ApiGatewayState = CertificateSource & {
  readonly balancers: LoadBalancers;
  readonly updatingMs: UpdatingMs;
  /** The domain names of all accounts and regions, by account and ARN. */
  readonly domains: Map<string, CustomDomain>;
};

/** The ARN of a domain name has no account in it. */
export function domainKey({ account }: Pick<Place, 'account'>, arn: string): string {
  return `${account} ${arn}`;
}

export function domainsOf(state: ApiGatewayState, place: Place): readonly CustomDomain[] {
  return [...state.domains.values()].filter(
    ({ account, region }) => account === place.account && region === place.region,
  );
}

/** @throws AwsError NotFoundException */
export function domainNamed(
  state: ApiGatewayState,
  name: string | undefined,
  place: Place,
): CustomDomain {
  const found = domainsOf(state, place).find((each) => each.name === name);
  if (found) return found;
  throw new AwsError('NotFoundException', 'Invalid domain name identifier specified', 404);
}

export function isUpdating(state: ApiGatewayState, { changedAt, type }: CustomDomain): boolean {
  const { edge, regional } = state.updatingMs;
  return state.clock.now() < addMs(changedAt, type === 'EDGE' ? edge : regional);
}
