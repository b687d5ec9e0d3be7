import type { Config } from '#shared/config/config.ts';
import type { Discovered } from '#shared/discovery/discovered.ts';
import type { FoundAt } from '#shared/discovery/found.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import type { DiscoveredNow } from '../discovery/discovered-now.ts';
import { dangerMeanwhile, dangerOf, type Finding, unaffected, well } from './finding.ts';
import { placeName } from './served-at.ts';

export type DiscoveryFacts = {
  readonly config: Pick<Config, 'discovery' | 'home'>;
  /** Null where discovery is off, or nobody could read what was found. */
  readonly discovered: DiscoveredNow | null;
  readonly now: Date;
};

/** Says which tagged resources wait for a person, and where nobody has looked for tags. */
export function discoveredFindings({ config, discovered, now }: DiscoveryFacts): Finding[] {
  if (!discovered) return [];
  const places = config.discovery?.places ?? [];
  return [
    ...discovered.discovered.flatMap((each) => findingOf(each, config, now)),
    ...places.flatMap((place) => {
      const found = discovered.finds[place] ?? never;
      return lookingForTags(found, placeName(config.home, place), now);
    }),
  ];
}

const never = { lookedAt: null, isWhole: true, failure: null };

/** An ARN of AWS is shorter. */
const longest = { arn: 300, id: 64 };

function findingOf(
  { arn, certificate, place, position, reason: why, state }: Discovered,
  { home }: Pick<Config, 'home'>,
  now: Date,
): readonly Finding[] {
  const id = oneLine(certificate, longest.id);
  const resource = oneLine(arn, longest.arn);
  const where = placeName(home, place);
  const about = `${shortName(arn)} (${where})`;
  const danger = dangerOf(unaffected, now);
  const found = { type: 'Discovered', about, status: 'unknown', danger } as const;
  switch (state) {
    case 'approved':
      return [well('Discovered', `its tag is approved for ${id}`, about)];
    case 'withdrawn':
      return [];
    case 'waiting': {
      const at = position === null ? '' : ` (${oneLine(position, longest.id)})`;
      const message = `${resource} asks for ${id}${at} by its tag, and waits for approval`;
      return [{ ...found, reason: 'AwaitsApproval', message }];
    }
    case 'unusable':
      return [{ ...found, reason: 'TagNotUsable', message: `${resource}: ${why}` }];
    case 'untagged':
      return [{ ...found, reason: 'TagRemoved', message: `${resource}: ${why}` }];
    case 'changed': {
      const message = `${resource} asks for ${id} by its tag now; ${why}`;
      return [{ ...found, reason: 'TagChanged', message }];
    }
  }
}

/** `shop/f2f7dc8efc522ab2` of a listener, and the name or the id of anything else. */
function shortName(arn: string): string {
  const [name = '', id, listener] = arn
    .replace(/^.*:(?:listener|loadbalancer|distribution)\/(?:(?:app|net|gwy)\/)?/, '')
    .split('/')
    .map((part) => oneLine(part, longest.id));
  return (listener ?? id) ? `${name}/${listener ?? id}` : name;
}

/** A round begins every 20 to 35 minutes. */
const lookWithinMs = 3 * hourMs;

function lookingForTags(
  { failure, isWhole, lookedAt }: Omit<FoundAt, 'resources'>,
  where: string,
  now: Date,
): readonly Finding[] {
  const about = `tags in ${where}`;
  const danger = dangerOf(unaffected, now);
  if (lookedAt !== null && addMs(new Date(lookedAt), lookWithinMs) > now) {
    if (isWhole) return [];
    const message = `more resources in ${where} carry the tag of a certificate than certkeep reads`;
    return [
      { type: 'Discovered', about, status: 'unknown', reason: 'TooManyTagged', message, danger },
    ];
  }
  const why = failure ? `: ${failure.error}: ${failure.message}` : '';
  const since = lookedAt === null ? 'nobody has looked' : `nobody has looked since ${lookedAt}`;
  const message = `${since} for tags in ${where}${why}`;
  const reason = 'TagsNotLookedAt';
  const patience = { ms: lookWithinMs, reason, message, danger };
  const meanwhile = dangerMeanwhile(unaffected, now);
  const found = { type: 'Verifying', about, status: 'unknown', reason, message } as const;
  return [{ ...found, danger: meanwhile, patience, ...(lookedAt !== null && { from: lookedAt }) }];
}
