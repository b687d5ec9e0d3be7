import { CertkeepError } from '#shared/errors.ts';
import { hasList } from '../elbv2/facts.ts';
import type { TargetConfig } from '../specs.ts';
import type { Target } from '../target.ts';
import { positionTag, wantedTag } from './wanted-tag.ts';

/** Where the certificate goes, in the words of the tag, and where it goes without that tag. */
function positionsOf(config: TargetConfig, { position }: Target): readonly [string, string] {
  if (hasList(config)) return [position, 'sni'];
  return config.type === 'clb' ? [String(config.port), '443'] : ['default', 'default'];
}

/**
 * A target that was found by its tag: it is changed only while the tag asks for this certificate, and for this position.
 * Whoever takes the tag away has the last word, whatever was approved. Its looks are those of any target, and `arrange` and
 * `mark` throw NotTagged besides.
 */
export function taggedTarget(config: TargetConfig, target: Target, certificate: string): Target {
  // The tags of a listener's load balancer do not speak for the listener.
  const readTags = () => (hasList(config) ? target.marks() : target.tags());

  const [approved, usual] = positionsOf(config, target);

  async function checkTag(): Promise<void> {
    const { [wantedTag]: wanted, [positionTag]: position = usual } = await readTags();
    if (wanted === certificate && position === approved) return;
    const message = `${target.listener} does not carry the tag with which it was approved for ${certificate}`;
    throw new CertkeepError('NotTagged', message);
  }

  return {
    ...target,
    async arrange(wanted, seen) {
      await checkTag();
      return target.arrange(wanted, seen);
    },
    async mark(name, value) {
      await checkTag();
      await target.mark(name, value);
    },
  };
}
