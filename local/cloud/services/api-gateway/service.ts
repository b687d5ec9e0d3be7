import type {
  GetDomainNameCommandInput,
  GetDomainNamesCommandInput,
  GetTagsCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-api-gateway';
import * as module from '@aws-sdk/client-api-gateway';
import { minuteMs, secondMs } from '../../clock.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError, type Call, type Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { CertificateSource } from '../elb-certificates.ts';
import { pageOf } from '../pages.ts';
import { badRequest } from './certificates.ts';
import { createDomainName } from './create-domain-name.ts';
import { meteredGateway } from './rates.ts';
import {
  type ApiGatewayState,
  domainKey,
  domainNamed,
  domainsOf,
  type Lock,
  type UpdatingMs,
} from './state.ts';
import { updateDomainName } from './update-domain-name.ts';
import { shownDomain } from './views.ts';

export type ApiGatewayOptions = CertificateSource & {
  readonly balancers: LoadBalancers;
  /** A change takes about 40 minutes to reach all edges; for Regional names no page says how long it takes. */
  readonly updatingMs?: UpdatingMs;
};

export type ApiGateway = {
  readonly operations: Operations;
  /** The tags of a domain name by its ARN, whichever account has it; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
  /** Puts a domain name into a state that does not pass by itself; null ends it. */
  lock(place: Place, name: string, lock: Lock | null): void;
};

const usualUpdatingMs: UpdatingMs = { regional: 20 * secondMs, edge: 40 * minuteMs };

/** Custom domain names of API Gateway, by its REST control plane, and endpoints that really serve their certificates. */
export function apiGateway(options: ApiGatewayOptions): ApiGateway {
  const state: ApiGatewayState = {
    ...options,
    updatingMs: options.updatingMs ?? usualUpdatingMs,
    domains: new Map(),
  };
  const operations: Operations = {
    CreateDomainName: (input, call) => createDomainName(state, input, call),
    GetDomainName: (input: GetDomainNameCommandInput, call) => {
      supportOnly('GetDomainName', input, ['domainName']);
      return shownDomain(state, domainNamed(state, input.domainName, call));
    },
    GetDomainNames: (input, call) => getDomainNames(state, input, call),
    UpdateDomainName: (input, call) => updateDomainName(state, input, call),
    TagResource: (input, call) => tagResource(state, input, call),
    GetTags: (input, call) => getTags(state, input, call),
  };
  return {
    operations: meteredGateway(operations, options.clock),
    tagsOf: (arn) => [...state.domains.values()].find((each) => each.arn === arn)?.tags ?? null,
    lock(place, name, lock) {
      domainNamed(state, name, place).lock = lock;
    },
  };
}

export function apiGatewayService({ operations }: ApiGateway): RunningService {
  return serviceOf('apigateway', module, module.APIGatewayClient, operations);
}

const usualPage = 25;
const largestPage = 500;

function getDomainNames(state: ApiGatewayState, input: GetDomainNamesCommandInput, call: Call) {
  supportOnly('GetDomainNames', input, ['position', 'limit']);
  const { limit = usualPage, position } = input;
  const options = { token: position, size: Math.min(limit, largestPage) };
  const page = pageOf(domainsOf(state, call), options, ({ name }) => name);
  if (!page) throw badRequest('Invalid position parameter specified');
  return {
    items: page.items.map((domain) => shownDomain(state, domain)),
    ...(page.next && { position: page.next }),
  };
}

function tagResource(state: ApiGatewayState, input: TagResourceCommandInput, call: Call) {
  const { tags } = taggedDomain(state, input.resourceArn, call);
  const given = Object.entries(input.tags ?? {});
  if (given.length === 0) throw badRequest('Tags are required');
  const keys = new Set([...tags.keys(), ...given.map(([key]) => key)]);
  if (keys.size > 50) throw badRequest('A resource can have 50 tags');
  for (const [key, value] of given) tags.set(key, value);
  return {};
}

function getTags(state: ApiGatewayState, input: GetTagsCommandInput, call: Call) {
  return { tags: Object.fromEntries(taggedDomain(state, input.resourceArn, call).tags) };
}

function taggedDomain(state: ApiGatewayState, arn: string | undefined, call: Call) {
  const found = state.domains.get(domainKey(call, arn ?? ''));
  if (found) return found;
  throw new AwsError('NotFoundException', `Invalid resource ARN specified: ${arn}`, 404);
}
