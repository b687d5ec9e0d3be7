import type { CreateRuleCommandInput, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { createHttpListener } from '#cloud/kit/clouds/listeners.ts';

export const host = 'shop.example.com';
export const pathOf = (token: string) => `/.well-known/acme-challenge/${token}`;
export const managed = { Key: 'certkeep:managed', Value: 'certkeep' };

/** A listener, and rules for it as the solver makes them: for one path, with a fixed response and tags. */
export async function listenerWithRules(cloud: CloudUnderTest) {
  const { elbv2 } = clientsOf(cloud);
  const ListenerArn = await createHttpListener(cloud);
  const create = (Priority: number, change: Partial<CreateRuleCommandInput> = {}) =>
    elbv2.createRule({ ...newRule(ListenerArn, Priority), ...change });
  const made = async (priority: number, change: Partial<CreateRuleCommandInput> = {}) =>
    (await create(priority, change)).Rules?.[0]?.RuleArn ?? '';
  const rules = async (): Promise<readonly Rule[]> => {
    const shown: Rule[] = [];
    for (let Marker: string | undefined; ; ) {
      const page = await elbv2.describeRules({ ListenerArn, Marker });
      shown.push(...(page.Rules ?? []));
      Marker = page.NextMarker;
      if (Marker === undefined) return shown;
    }
  };
  return { elbv2, ListenerArn, create, made, rules };
}

function newRule(ListenerArn: string, Priority: number): CreateRuleCommandInput {
  return {
    ListenerArn,
    Priority,
    Conditions: [
      { Field: 'host-header', HostHeaderConfig: { Values: [host] } },
      { Field: 'path-pattern', PathPatternConfig: { Values: [pathOf(`token-${Priority}`)] } },
    ],
    Actions: [answering(`token-${Priority}.thumbprint`)],
    Tags: [managed],
  };
}

export function answering(MessageBody: string) {
  const fixed = { StatusCode: '200', ContentType: 'text/plain', MessageBody };
  return { Type: 'fixed-response' as const, FixedResponseConfig: fixed };
}

export function defaultOf(rules: readonly Rule[]): string {
  return rules.find(({ IsDefault }) => IsDefault)?.RuleArn ?? '';
}

export const absent = (ruleArn: string) => ruleArn.replace(/[^/]+$/, '0123456789abcdef');
export const prioritiesOf = (rules: readonly Rule[] = []) => rules.map(({ Priority }) => Priority);
