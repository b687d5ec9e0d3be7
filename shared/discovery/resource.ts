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
  const wanted = positionIn(position);
  if (wanted === null) {
    return refused(`its tag certkeep:position is ${shown(position ?? '')}: sni, default or both`);
  }
  const target = targetAt(arn, wanted);
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

function positionIn(written: string | null): Position | null {
  if (written === null) return 'sni';
  return written === 'sni' || written === 'default' || written === 'both' ? written : null;
}

/** Says whether discovery knows the kind of resource; certkeep tags rules and groups of its own, too. */
export function isOfKnownKind(arn: string): boolean {
  return /^arn:aws[a-z-]*:(?:elasticloadbalancing:[a-z0-9-]+:\d{12}:(?:listener|loadbalancer)\/|cloudfront::\d{12}:distribution\/)/.test(
    arn,
  );
}

/** The types whose resources discovery finds. */
export type FoundType = 'alb' | 'nlb' | 'clb' | 'cloudfront';

type FoundTarget = TargetConfig & { readonly type: FoundType };

const listenerArn =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/(app|net)\/[^/\s]{1,64}\/[0-9a-f]+\/[0-9a-f]+$/;
const balancerArn =
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):(\d{12}):loadbalancer\/(?:(app|net|gwy)\/.+|([A-Za-z0-9-]{1,32}))$/;
const distributionArn = /^arn:aws[a-z-]*:cloudfront::(\d{12}):distribution\/(E[A-Z0-9]{6,31})$/;

/** A Classic Load Balancer has one certificate at each port, and tags of its own alone. */
const classicPort = 443;

/** The target that a resource is, or why it is none. */
function targetAt(arn: string, certificate: Position): FoundTarget | string {
  const [, form] = listenerArn.exec(arn) ?? [];
  if (form) return { type: form === 'app' ? 'alb' : 'nlb', listener: arn, certificate };
  const [, account = '', distribution] = distributionArn.exec(arn) ?? [];
  if (distribution) return { type: 'cloudfront', distribution, account };
  const [, region = '', owner = '', kind, name] = balancerArn.exec(arn) ?? [];
  if (name) return { type: 'clb', loadBalancer: name, port: classicPort, region, account: owner };
  if (kind === 'app' || kind === 'net') {
    return 'it is a load balancer, whose listeners have certificates: tag the listener instead';
  }
  return 'it is nothing that certkeep binds by a tag';
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
