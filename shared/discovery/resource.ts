import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { parsePlaceKey, placeKey } from '#shared/place.ts';
import { takenKeys } from '#shared/targets/found/taken-keys.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Position } from '#shared/targets/target.ts';
import { oneLine, quoted } from '#shared/text/plain-text.ts';

/** A resource that carries the tag of a certificate. Whoever may tag it has written these texts. */
export type Tagged = {
  readonly arn: string;
  /** The value of `certkeep:certificate`. */
  readonly certificate: string;
  /** The value of `certkeep:position`; null where it has none. */
  readonly position: string | null;
};

export type Reading =
  | { readonly ok: true; readonly certificate: CertificateConfig; readonly target: TargetConfig }
  /** Why nothing can be bound there, in one sentence without a full stop. */
  | { readonly ok: false; readonly obstacle: string };

type Known = Pick<Config, 'certificates' | 'home'>;

/** Reads what a tag asks for, by the configuration. Pure. */
export function readTagged(tagged: Tagged, config: Known): Reading {
  const { arn, certificate: id, position } = tagged;
  const certificate = config.certificates.find((each) => each.id === id);
  if (!certificate) {
    return refused(`its tag names ${shown(id)}, which is no certificate of the configuration`);
  }
  const target = targetAt(arn, position);
  if (typeof target === 'string') return refused(target);
  const takes: readonly KeyAlgorithm[] = takenKeys[target.type];
  if (!takes.includes(certificate.key)) {
    return refused(`it takes no ${certificate.key} key, but ${takes.join(', ')}`);
  }
  return { ok: true, certificate, target };
}

/** Whoever may tag a resource has written it. */
function shown(text: string): string {
  return quoted(oneLine(text, longestShown));
}

const longestShown = 64;

function refused(obstacle: string): Reading {
  return { ok: false, obstacle };
}

/** Says whether discovery knows the kind of resource; certkeep tags rules and groups of its own, too. */
export function isOfKnownKind(arn: string): boolean {
  return /^arn:aws[a-z-]*:(?:elasticloadbalancing:[a-z0-9-]+:\d{12}:(?:listener|loadbalancer)\/|cloudfront::\d{12}:distribution\/)/.test(
    arn,
  );
}

/** The types whose resources discovery finds. */
type FoundType = 'alb' | 'nlb' | 'clb' | 'cloudfront';

type FoundTarget = TargetConfig & { readonly type: FoundType };

const listenerArn =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/(app|net)\/[^/\s]{1,64}\/[0-9a-f]+\/[0-9a-f]+$/;
const balancerArn =
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):(\d{12}):loadbalancer\/(?:(app|net|gwy)\/.+|([A-Za-z0-9-]{1,32}))$/;
const distributionArn = /^arn:aws[a-z-]*:cloudfront::(\d{12}):distribution\/(E[A-Z0-9]{6,31})$/;

const positions: readonly string[] = ['sni', 'default', 'both'] satisfies readonly Position[];

/** The target that a resource is, or why it is none. `position` says where there, in the words of the tag. */
function targetAt(arn: string, position: string | null): FoundTarget | string {
  const wrong = (right: string) =>
    `its tag certkeep:position is ${shown(position ?? '')}, but may be ${right}`;
  const [, form] = listenerArn.exec(arn) ?? [];
  if (form) {
    if (position !== null && !positions.includes(position)) return wrong('sni, default or both');
    const certificate = (position ?? 'sni') as Position;
    return { type: form === 'app' ? 'alb' : 'nlb', listener: arn, certificate };
  }
  const [, account = '', distribution] = distributionArn.exec(arn) ?? [];
  if (distribution) {
    if (position !== null && position !== 'default') return wrong('default alone');
    return { type: 'cloudfront', distribution, account };
  }
  const [, region = '', owner = '', kind, name] = balancerArn.exec(arn) ?? [];
  if (name) {
    const port = portIn(position ?? '443');
    if (port === null) return wrong('a port');
    return { type: 'clb', loadBalancer: name, port, region, account: owner };
  }
  if (kind === 'app' || kind === 'net') {
    return 'it is a load balancer, whose listeners have certificates: tag the listener instead';
  }
  return 'it is nothing that certkeep binds by a tag';
}

/** A Classic Load Balancer has one certificate at each port, and its listeners have no tags. */
function portIn(text: string): number | null {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** Says whether the ARN is of the place in which it was found: CloudFront tells of its distributions in one region. */
export function isAt(arn: string, place: string): boolean {
  const { account, region } = parsePlaceKey(place);
  const [, , service, there = '', owner] = arn.split(':');
  if (owner !== account) return false;
  return service === 'cloudfront' ? region === 'us-east-1' : there === region;
}

/** The place key of a target that was found. */
export function placeOfFound(target: TargetConfig, { home }: Pick<Config, 'home'>): string {
  return placeKey(identityOf(target, home, '').place);
}
