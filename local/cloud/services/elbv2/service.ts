import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import type { Operations } from '../../wire/service.ts';
import type { CertificateSource } from '../elb-certificates.ts';
import { type ElbRates, meteredElb } from '../elb-rates.ts';
import type { TagSource } from '../tagging/source.ts';
import { createLoadBalancer, describeLoadBalancers } from './balancers.ts';
import {
  addListenerCertificates,
  describeListenerCertificates,
  removeListenerCertificates,
} from './certificates.ts';
import { createListener, deleteListener, describeListeners, modifyListener } from './listeners.ts';
import { createRule, deleteRule, describeRules } from './rules.ts';
import type { Elbv2State, InvokeTarget } from './state.ts';
import { addTags, describeTags, knownTags, removeTags, taggedIn } from './tags.ts';
import { createTargetGroup, deleteTargetGroup, registerTargets } from './target-groups.ts';

export type Elbv2Options = CertificateSource & {
  readonly balancers: LoadBalancers;
  /** Quotas L-9365A611 and L-52964454; 25 by default. */
  readonly maxCertificates?: number;
  /** Quota L-7EED9B64; 100 by default. */
  readonly maxRules?: number;
  /** AWS's documented rates by default. */
  readonly rates?: ElbRates;
  /** Runs the functions of target groups; without it, none can run. */
  readonly invoke?: InvokeTarget;
};

export type Elbv2 = {
  readonly operations: Operations;
  /** The tags of a load balancer, a listener or a rule, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
} & TagSource;

/**
 * Elastic Load Balancing v2: application load balancers with HTTP and HTTPS listeners, and network load balancers with TCP
 * and TLS listeners.
 */
export function elbv2(options: Elbv2Options): Elbv2 {
  const state: Elbv2State = {
    ...options,
    maxCertificates: options.maxCertificates ?? 25,
    maxRules: options.maxRules ?? 100,
    invoke: options.invoke ?? (async () => null),
    known: new Map(),
    created: new Map(),
    groups: new Map(),
    deletedRules: new Map(),
  };
  return {
    operations: meteredElb(operationsOn(state), options),
    tagsOf: (arn) => knownTags(state, arn),
    taggedIn: (place) => taggedIn(state, place),
  };
}

function operationsOn(state: Elbv2State): Operations {
  return {
    CreateLoadBalancer: (input, call) => createLoadBalancer(state, input, call),
    DescribeLoadBalancers: (input, call) => describeLoadBalancers(state, input, call),
    CreateListener: (input, call) => createListener(state, input, call),
    ModifyListener: (input, call) => modifyListener(state, input, call),
    DeleteListener: (input, call) => deleteListener(state, input, call),
    DescribeListeners: (input, call) => describeListeners(state, input, call),
    AddListenerCertificates: (input, call) => addListenerCertificates(state, input, call),
    RemoveListenerCertificates: (input, call) => removeListenerCertificates(state, input, call),
    DescribeListenerCertificates: (input, call) => describeListenerCertificates(state, input, call),
    CreateTargetGroup: (input, call) => createTargetGroup(state, input, call),
    RegisterTargets: (input, call) => registerTargets(state, input, call),
    DeleteTargetGroup: (input, call) => deleteTargetGroup(state, input, call),
    CreateRule: (input, call) => createRule(state, input, call),
    DescribeRules: (input, call) => describeRules(state, input, call),
    DeleteRule: (input, call) => deleteRule(state, input, call),
    AddTags: (input, call) => addTags(state, input, call),
    RemoveTags: (input, call) => removeTags(state, input, call),
    DescribeTags: (input, call) => describeTags(state, input, call),
  };
}
