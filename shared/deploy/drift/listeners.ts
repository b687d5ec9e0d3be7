import type { Config } from '#shared/config/config.ts';
import { networkKey } from '#shared/place.ts';
import { identityOf } from '#shared/targets/identities.ts';

/** A target of the configuration, to be looked at in its turn. */
export type TargetAt = {
  /** The sort key: targets of one listener follow each other. */
  readonly turn: string;
  readonly certificate: string;
  readonly key: string;
  readonly listener: string;
};

/** Returns all targets of an account and region, whatever their store, in the order in which a round looks at them. */
export function targetsIn(
  { certificates, home }: Pick<Config, 'certificates' | 'home'>,
  network: string,
): readonly TargetAt[] {
  return certificates
    .flatMap(({ id, targets }) =>
      targets.map((target) => ({ certificate: id, ...identityOf(target, home, id) })),
    )
    .filter((each) => networkKey(each.place) === network)
    .map(({ certificate, key, listener }) => ({
      turn: `${listener} ${key} ${certificate}`,
      certificate,
      key,
      listener,
    }))
    .toSorted((a, b) => (a.turn < b.turn ? -1 : 1));
}
