import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, type ErrorName, errorName } from '#shared/errors.ts';

export type ChallengeListener = {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
};

/** A rule with its conditions: patterns with `*` and `?`. An empty list matches any host or path. */
export type ListenerRule = {
  readonly arn: string;
  readonly priority: number;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** The body of a fixed response; null where the rule does something else. */
  readonly body: string | null;
};

export type NewRule = {
  readonly priority: number;
  /** Null matches any host. */
  readonly host: string | null;
  readonly path: string;
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
};

/** A listener and its rules, in the solver's terms. */
export type RulesClient = {
  /** @throws CertkeepError ChallengeListenerUnusable */
  listener(arn: string): Promise<ChallengeListener>;
  /** All rules but the default one; null where there is no such listener. */
  rules(listenerArn: string): Promise<readonly ListenerRule[] | null>;
  /** The value of a tag by rule ARN, for rules that exist. */
  tagged(ruleArns: readonly string[], key: string): Promise<ReadonlyMap<string, string>>;
  /** Null where the priority is in use. @throws CertkeepError ListenerRulesFull, ChallengeRuleRefused */
  create(listenerArn: string, rule: NewRule): Promise<string | null>;
  /** Succeeds for a rule that is gone already. */
  remove(ruleArn: string): Promise<void>;
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
const taggedAtOnce = 20;

export function awsRulesClient(options: ClientOptions): RulesClient {
  const client = new ElasticLoadBalancingV2Client(options);
  return {
    listener: (arn) => named('DescribeListeners', arn, () => describeListener(client, arn)),
    rules: (listenerArn) =>
      named('DescribeRules', listenerArn, () =>
        listRules(client, listenerArn).catch(nullWhere('ListenerNotFoundException')),
      ),

    tagged: (ruleArns, key) =>
      named('DescribeTags', 'of rules', async () => {
        const values = new Map<string, string>();
        for (let start = 0; start < ruleArns.length; start += taggedAtOnce) {
          const ResourceArns = ruleArns.slice(start, start + taggedAtOnce);
          const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns }));
          for (const { ResourceArn = '', Tags } of TagDescriptions ?? []) {
            const value = Tags?.find(({ Key }) => Key === key)?.Value;
            if (value !== undefined) values.set(ResourceArn, value);
          }
        }
        return values;
      }),

    create: (ListenerArn, { priority, host, path, body, tags }) =>
      named('CreateRule', `on ${ListenerArn}`, async () => {
        const command = new CreateRuleCommand({
          ListenerArn,
          Priority: priority,
          Conditions: [
            ...(host === null
              ? []
              : [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }]),
            { Field: 'path-pattern', PathPatternConfig: { Values: [path] } },
          ],
          Actions: [
            {
              Type: 'fixed-response',
              FixedResponseConfig: {
                StatusCode: '200',
                ContentType: 'text/plain',
                MessageBody: body,
              },
            },
          ],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        });
        const answer = await client.send(command).catch(nullWhere('PriorityInUseException'));
        return answer && (answer.Rules?.[0]?.RuleArn ?? '');
      }),

    remove: (RuleArn) =>
      named('DeleteRule', RuleArn, async () => {
        await client
          .send(new DeleteRuleCommand({ RuleArn }))
          .catch(nullWhere('RuleNotFoundException'))
          .catch(async (error) => {
            // A rule that is gone has no tag, so IAM denies the call.
            const isDenied = names[errorName(error)] === 'ListenerRoleRefused';
            if (!isDenied || (await isThere(client, RuleArn))) throw error;
          });
      }),
  };
}

async function isThere(client: ElasticLoadBalancingV2Client, arn: string): Promise<boolean> {
  const found = await client
    .send(new DescribeRulesCommand({ RuleArns: [arn] }))
    .catch(nullWhere('RuleNotFoundException'));
  return found !== null;
}

async function describeListener(
  client: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<ChallengeListener> {
  const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [arn] }));
  const [found] = Listeners ?? [];
  if (!found?.LoadBalancerArn || !found.Port) throw notFound(arn);
  const { LoadBalancers } = await client.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [found.LoadBalancerArn] }),
  );
  const host = LoadBalancers?.[0]?.DNSName;
  if (!host) throw notFound(arn);
  return { host, port: found.Port, protocol: found.Protocol ?? '' };
}

async function listRules(
  client: ElasticLoadBalancingV2Client,
  ListenerArn: string,
): Promise<readonly ListenerRule[]> {
  const rules: Rule[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(
      new DescribeRulesCommand({ ListenerArn, ...(marker && { Marker: marker }) }),
    );
    rules.push(...(page.Rules ?? []));
    marker = page.NextMarker;
  } while (marker);
  return rules.filter(({ IsDefault }) => !IsDefault).map(listenerRule);
}

/** Conditions that certkeep does not distinguish (headers, sources, regular expressions) match any request. */
function listenerRule({ RuleArn = '', Priority, Conditions = [], Actions = [] }: Rule) {
  const [action] = Actions;
  return {
    arn: RuleArn,
    priority: Number(Priority),
    hosts: patternsOf(Conditions, 'host-header'),
    paths: patternsOf(Conditions, 'path-pattern'),
    body: action?.FixedResponseConfig?.MessageBody ?? null,
  };
}

function patternsOf(conditions: readonly RuleCondition[], field: string): readonly string[] {
  const condition = conditions.find(({ Field }) => Field === field);
  const { HostHeaderConfig, PathPatternConfig, Values } = condition ?? {};
  return HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [];
}

const names: Readonly<Record<string, ErrorName>> = {
  ListenerNotFoundException: 'ChallengeListenerUnusable',
  LoadBalancerNotFoundException: 'ChallengeListenerUnusable',
  TooManyRulesException: 'ListenerRulesFull',
  InvalidConfigurationRequestException: 'ChallengeRuleRefused',
  OperationNotPermittedException: 'ChallengeRuleRefused',
  RuleNotFoundException: 'ChallengeRuleRefused',
  // The SDK's model does not have this one.
  ValidationError: 'ChallengeRuleRefused',
  Throttling: 'ChallengeRuleRefused',
  ThrottlingException: 'ChallengeRuleRefused',
  AccessDenied: 'ListenerRoleRefused',
  AccessDeniedException: 'ListenerRoleRefused',
};

const named = serviceCalls({ service: 'ELB', stage: 'issue', known: names });

function nullWhere(name: string) {
  return (error: unknown): null => {
    if (errorName(error) === name) return null;
    throw error;
  };
}

function notFound(arn: string): CertkeepError {
  return new CertkeepError('ChallengeListenerUnusable', `ELB: there is no listener ${arn}`);
}
