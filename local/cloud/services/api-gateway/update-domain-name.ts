import type { PatchOperation, UpdateDomainNameCommandInput } from '@aws-sdk/client-api-gateway';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { badRequest, certificateFor, checkIssuer } from './certificates.ts';
import { type ApiGatewayState, type CustomDomain, domainNamed, isUpdating } from './state.ts';
import { shownDomain } from './views.ts';

const paths = { REGIONAL: '/regionalCertificateArn', EDGE: '/certificateArn' } as const;

/** The certificate is all that can be changed here. */
export function updateDomainName(
  state: ApiGatewayState,
  input: UpdateDomainNameCommandInput,
  call: Call,
) {
  supportOnly('UpdateDomainName', input, ['domainName', 'patchOperations']);
  const domain = domainNamed(state, input.domainName, call);
  checkChangeable(state, domain);
  const { name, ownershipArn, truststoreUri, type } = domain;
  const hasMutualTls = truststoreUri !== null;
  const arn = replacement(domain, input.patchOperations ?? []);
  const wanted = { domain: name, type, ownershipArn, hasMutualTls };
  const next = certificateFor(state, arn, wanted, call);
  const held = domain.certificates.latest().default;
  if (hasMutualTls) checkIssuer(name, held, next);
  if (next.arn !== held.arn) {
    domain.changedAt = state.clock.now();
    domain.certificates.set({ default: next, list: [] }, domain.changedAt);
  }
  return shownDomain(state, domain);
}

/**
 * "If it is UPDATING, the domain cannot be modified until the existing operation is complete" (API_DomainName), and with
 * PENDING_OWNERSHIP_VERIFICATION "all future updates" are locked (rest-api-mutual-tls). No page names the error.
 */
function checkChangeable(state: ApiGatewayState, domain: CustomDomain): void {
  const status = domain.lock ?? (isUpdating(state, domain) ? 'UPDATING' : null);
  if (status === null || status === 'PENDING_CERTIFICATE_REIMPORT') return;
  throw new AwsError('ConflictException', `The domain name ${domain.name} is ${status}.`, 409);
}

function replacement(
  { type }: CustomDomain,
  operations: readonly PatchOperation[],
): string | undefined {
  const [only] = operations;
  if (operations.length !== 1 || !only) {
    throw notImplemented('UpdateDomainName', `${operations.length} patch operations`);
  }
  const other = type === 'EDGE' ? paths.REGIONAL : paths.EDGE;
  if (only.path === other) {
    throw badRequest(`Invalid patch path ${only.path} for a domain name of type ${type}`);
  }
  if (only.op !== 'replace' || only.path !== paths[type]) {
    throw notImplemented('UpdateDomainName', `${only.op} of ${only.path}`);
  }
  return only.value;
}
