import type { Config } from '#shared/config/config.ts';
import { isCertkeepError } from '#shared/errors.ts';
import { networkKey, type Place } from '#shared/place.ts';
import { domainIn } from '#shared/targets/api-gateway/facts.ts';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
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
    'apigateway:GET',
    'cloudfront:GetDistribution',
    'ssm:GetParameter',
  ],
  questions(subject) {
    const targetFor = targetsOf(subject);
    return onePerListener(subject.config).map((target) => {
      const { account, region } = ownPlaceOf(target, subject.config.home);
      const about = targetText(target);
      return {
        about,
        account,
        instead: describing(target, region),
        ask: async () => {
          const view = await (await targetFor)(target)
            .look()
            .catch((error) => missing(error));
          const found = judged(view, target, { about, command: describing(target, region) });
          return [found, ...internal(view, target, subject)];
        },
      };
    });
  },
};

/** The certificate of an edge-optimized domain name is in another region than the domain name. */
function ownPlaceOf(target: TargetConfig, home: Place): Place {
  const { listener, place } = identityOf(target, home, '');
  return target.type === 'api-gateway'
    ? { ...place, region: domainIn({ listener }).region }
    : place;
}

/** Creates the targets of the configuration, as deploy does. */
export async function targetsOf({ clock, config, optionsIn }: Subject) {
  const { loadTargets, targetMaker } = await import('#shared/targets/registry.ts');
  const { certificates, home, installation } = config;
  const types = certificates.flatMap(({ targets }) => targets.map(({ type }) => type));
  const loaded = await loadTargets([...new Set(types)]);
  const make = targetMaker(loaded, { installation, home, clock, clientOptionsFor: optionsIn });
  const owners = ownersIn(config);
  return (target: TargetConfig) => make(target, owners.get(target) ?? '');
}

/** The ids of the certificates by their targets. */
function ownersIn({ certificates }: Config): ReadonlyMap<TargetConfig, string> {
  return new Map(
    certificates.flatMap(({ id, targets }) => targets.map((target) => [target, id] as const)),
  );
}

function onePerListener(config: Config): readonly TargetConfig[] {
  const all = [...ownersIn(config)];
  const byListener = all.map(
    ([target, id]) => [identityOf(target, config.home, id).listener, target] as const,
  );
  return [...new Map(byListener).values()];
}

type Missing = { readonly why: string };

function missing(error: unknown): Missing {
  if (isCertkeepError(error, 'ListenerNotFound')) return { why: error.message };
  throw error;
}

function judged(
  view: TargetView | Missing,
  target: TargetConfig,
  { about, command }: { readonly about: string; readonly command: string },
): Finding {
  const isOfHosts = target.type === 'files';
  if ('why' in view) {
    return {
      mark: 'wrong',
      text: `${about}: ${view.why}`,
      say: 'These listeners are there:',
      command,
    };
  }
  if (isOfHosts) return ok(`${view.name} is to fetch it by itself; verify asks it by handshake`);
  if (view.endpoint === null) return ok(`${view.name} ${heldText(view)}`);
  return ok(`${view.name} serves over TLS${view.default === null ? ', without a default' : ''}`);
}

/** Told here, and by no message: whether it is internal, no synth can know. */
function internal(
  view: TargetView | Missing,
  target: TargetConfig,
  { config, file }: Subject,
): readonly Finding[] {
  if ('why' in view || !view.endpoint?.isInternal) return [];
  const place = networkKey(identityOf(target, config.home, '').place);
  if (config.places?.[place]?.probe) return [];
  const say = `To have it asked from inside, write "probe:" of ${place} below "places:" into ${file} (docs/operate.md).`;
  return [
    { mark: 'warning', text: `${view.name} is internal: nobody can ask what it serves`, say },
  ];
}

function heldText({ default: arn }: TargetView): string {
  return arn === null ? 'has no certificate yet' : `holds ${arn}; nobody can ask who serves it`;
}

/** The part of an ARN that tells listeners apart, or the name of a classic load balancer or a domain. */
function targetText(target: TargetConfig): string {
  if (target.type === 'acm') return `ACM${target.region ? ` in ${target.region}` : ''}`;
  if (target.type === 'cloudfront') return `CloudFront ${target.distribution}`;
  if (target.type === 'clb') return `${target.loadBalancer}:${target.port}`;
  if (target.type === 'api-gateway') return target.domain;
  if (target.type === 'files') return target.probe;
  return target.listener.split(':').at(-1) ?? target.listener;
}

function describing(target: TargetConfig, region: string): string {
  if (target.type === 'acm') return `aws acm list-certificates --region ${shellWord(region)}`;
  if (target.type === 'cloudfront') {
    return 'aws cloudfront list-distributions --query "DistributionList.Items[].[Id,DomainName,Aliases.Items]"';
  }
  if (target.type === 'clb') {
    return `aws elb describe-load-balancers --region ${shellWord(region)} --load-balancer-names ${shellWord(target.loadBalancer)}`;
  }
  if (target.type === 'api-gateway') {
    return `aws apigateway get-domain-names --region ${shellWord(region)}`;
  }
  if (target.type === 'files') {
    return `aws ssm describe-instance-information --region ${shellWord(region)}`;
  }
  return `aws elbv2 describe-listeners --region ${shellWord(region)} --load-balancer-arn ${shellWord(loadBalancerOf(target.listener))}`;
}
