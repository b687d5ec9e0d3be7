import type { Config } from '#shared/config/config.ts';
import { isCertkeepError } from '#shared/errors.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { TargetView } from '#shared/targets/target.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** Each listener exists, and has certificates. */
export const listeners: Check = {
  title: 'Listeners',
  rights: [
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeListenerCertificates',
    'elasticloadbalancing:DescribeLoadBalancers',
  ],
  questions(subject) {
    const targetFor = targetsOf(subject);
    return onePerListener(subject.config).map((target) => {
      const { place } = identityOf(target, subject.config.home);
      const about = targetText(target);
      return {
        about,
        account: place.account,
        instead: describing(target, place.region),
        ask: async () => {
          const view = await (await targetFor)(target)
            .look()
            .catch((error) => missing(error));
          return [judged(view, about, describing(target, place.region))];
        },
      };
    });
  },
};

/** Creates the targets of the configuration, as deploy does. */
export async function targetsOf({ clock, config, optionsIn }: Subject) {
  const { loadTargets, targetMaker } = await import('#shared/targets/registry.ts');
  const { certificates, home } = config;
  const types = certificates.flatMap(({ targets }) => targets.map(({ type }) => type));
  const loaded = await loadTargets([...new Set(types)]);
  return targetMaker(loaded, { home, clock, clientOptionsFor: optionsIn });
}

function onePerListener({ certificates, home }: Config): readonly TargetConfig[] {
  const all = certificates.flatMap(({ targets }) => targets);
  return [
    ...new Map(all.map((target) => [identityOf(target, home).listener, target] as const)).values(),
  ];
}

type Missing = { readonly why: string };

function missing(error: unknown): Missing {
  if (isCertkeepError(error, 'ListenerNotFound')) return { why: error.message };
  throw error;
}

function judged(view: TargetView | Missing, about: string, command: string): Finding {
  if ('why' in view) {
    return {
      mark: 'wrong',
      text: `${about}: ${view.why}`,
      say: 'These listeners are there:',
      command,
    };
  }
  return ok(`${view.name} serves over TLS${view.default === null ? ', without a default' : ''}`);
}

/** The part of an ARN that tells listeners apart, or the name of a classic load balancer. */
function targetText(target: TargetConfig): string {
  if (target.type === 'clb') return `${target.loadBalancer}:${target.port}`;
  return target.listener.split(':').at(-1) ?? target.listener;
}

function describing(target: TargetConfig, region: string): string {
  if (target.type === 'clb') {
    return `aws elb describe-load-balancers --region ${shellWord(region)} --load-balancer-names ${shellWord(target.loadBalancer)}`;
  }
  return `aws elbv2 describe-listeners --region ${shellWord(region)} --load-balancer-arn ${shellWord(balancerOf(target.listener))}`;
}

/** The ARN of an Application Load Balancer begins as that of its listeners. */
export function balancerOf(listener: string): string {
  return listener.replace(':listener/', ':loadbalancer/').split('/').slice(0, 4).join('/');
}
