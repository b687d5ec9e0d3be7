import type { AcmCertificate } from 'local-cloud/services/acm/certificate.ts';
import { chosenFor } from '#shared/deploy/choice/choice.ts';
import { uncoveredNames } from '#shared/deploy/choice/covered-names.ts';
import { familyOf as keyFamilyOf } from '#shared/key-algorithm.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import type { Held } from '#shared/targets/target.ts';
import { place } from '#test/support/deploy-world.ts';
import { rulesOf } from '../act.ts';
import type { Acted } from '../acted.ts';
import { covers, familyOf, type Handshaken, ownNames, type Scene } from '../scene.ts';
import { isExpired, isOwnClient, serialOf, versionOf } from './seen.ts';

export const reasons = {
  'a name that would be lost': ['NamesWouldBeLost'],
  'a full list': ['ListenerFull'],
  'a certificate that answers, or may': [
    'NameServedByAnother',
    'EndpointContradicted',
    'EndpointUnknown',
  ],
} as const satisfies Record<string, readonly string[]>;

type Obstacle = keyof typeof reasons;

/** By the local balancer's own choice, of what the listener would hold. Where several stand in the way, each may be told. */
export function obstaclesOf(scene: Scene, acted: Acted, held = acted.held): readonly Obstacle[] {
  const { story, lab } = scene;
  const { position } = acted;
  const version = versionOf(acted);
  const entry = acted.record.imports[place];
  const arn = entry?.arn;
  if (!arn) return [];
  const isOurs = (each: string | null) => each !== null && !scene.foreign.includes(each);
  const standard = held.default as string;
  if (position !== 'sni' && !isOurs(standard)) {
    const names = (lab.certificates.find(standard)?.material.latest().names ?? []) as string[];
    if (uncoveredNames(names, story.names).length > 0) return ['a name that would be lost'];
  }
  const theirs = held.list.filter((each) => !isOurs(each));
  const leaving = position === 'sni' ? null : standard;
  const stays = theirs.filter((each) => each !== leaving);
  const isListed = position !== 'default' && !(position === 'sni' && standard === arn);
  const wanted: Held = {
    default: position === 'sni' ? standard : arn,
    list: isListed ? [...stays, arn] : stays,
  };
  const places = wanted.list.filter((each) => each !== wanted.default).length;
  // Of a network load balancer the default has a place of its own (load-balancer-limits.html of the two services).
  const defaults = story.kind === 'nlb' ? 1 : 0;
  const found: Obstacle[] = isListed && places + defaults > 25 ? ['a full list'] : [];
  const own = ownNames(story);
  const served = scene.served(wanted);
  const isServed = served
    .filter(
      ({ name, ...each }) =>
        name !== null && own.includes(name) && isOwnClient({ ...each, name }, version),
    )
    .every(({ leaf }) => serialOf(leaf) === version.serial);
  const isLeft = isLeftBehind(scene, acted, { held, wanted });
  if (!isServed || isLeft || isUndecided(scene, wanted, version))
    found.push('a certificate that answers, or may');
  return found;
}

/** A client of our key family, or of all, that has a good certificate for some name and would have none. */
function isLeftBehind(
  scene: Scene,
  acted: Acted,
  { held, wanted }: { readonly held: Held; readonly wanted: Held },
): boolean {
  const version = versionOf(acted);
  const isGood = ({ leaf, name }: Handshaken) =>
    leaf !== null && name !== null && covers(leaf, name) && !isExpired(scene, leaf);
  const then = scene.served(wanted);
  return scene.served(held).some((each, at) => {
    const isConcerned = each.family === null || isOwnClient(each, version);
    return isConcerned && isGood(each) && !isGood(then[at] as Handshaken);
  });
}

/** AWS does not say which of them a client gets: the local balancer's choice proves nothing then. */
function isUndecided({ story, lab }: Scene, wanted: Held, version: Version): boolean {
  const rules = rulesOf(story);
  const choiceOf = (arn: string) => {
    const { leaf, names } = (lab.certificates.find(arn) as AcmCertificate).material.latest();
    const keyFamily = familyOf(leaf);
    const keyBits = keyFamily === 'rsa' ? 2_048 : 256;
    const [notBefore, notAfter] = [leaf.validFromDate, leaf.validToDate];
    return { arn, names, keyFamily, keyBits, hashBits: 256, notBefore, notAfter };
  };
  const held = { default: choiceOf(wanted.default as string), list: wanted.list.map(choiceOf) };
  const families = [keyFamilyOf(version.keyAlgorithm)];
  const asked = story.names.map((name) => name.replace('*.', 'certkeep-probe.'));
  return asked.some(
    (serverName) =>
      chosenFor(rules, held, { serverName, families }, lab.clock.now()).is !== 'certificate',
  );
}
