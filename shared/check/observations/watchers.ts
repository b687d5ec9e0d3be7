import { alarmNameOf, alarmsAtHome } from '#shared/alarms.ts';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { targetRegions } from '#shared/targets/identities.ts';

/** A topic or an alarm, in one region. */
export type Watcher = {
  /** Names it among all. */
  readonly key: string;
  readonly name: string;
  readonly region: string;
};

export type WatchedTopic = Watcher & {
  /** The services that its policy has to let publish. */
  readonly publishers: readonly string[];
  /** The addresses of the configuration that are to confirm it. */
  readonly addresses: readonly string[];
};

export type Watchers = {
  /** The home region. */
  readonly home: string;
  readonly topics: readonly WatchedTopic[];
  readonly alarms: readonly Watcher[];
};

const alarms = 'cloudwatch.amazonaws.com';
/** A rule reports what ACM says of certificates that are about to end. */
const rules = 'events.amazonaws.com';

type Watched = Pick<Config, 'alerts' | 'certificates' | 'home' | 'installation' | 'replicas'>;

/**
 * Everything that tells people when something stands still: at home, in the first replica, which watches home, and in every
 * region with targets, where ACM itself is heard.
 */
export function watchersOf(config: Watched): Watchers {
  const names = namesOf(config);
  const { region } = config.home;
  const atHome = (name: string) => ({ key: name, name, region });
  const elsewhere = (name: string, there: string): Watcher => {
    return { key: `${name} in ${there}`, name, region: there };
  };
  const [first] = config.replicas;
  const withTargets = targetRegions(config);
  const heardIn = (there: string) => (withTargets.includes(there) ? [rules] : []);
  const addresses = config.alerts.email.map(({ address }) => address);
  const replicas = config.replicas
    .map((there) => ({
      ...elsewhere(names.watchTopic, there),
      publishers: [...(there === first ? [alarms] : []), ...heardIn(there)],
    }))
    .filter(({ publishers }) => publishers.length > 0);
  const others = withTargets
    .filter((there) => there !== region && !config.replicas.includes(there))
    .map((there) => ({ ...elsewhere(names.watchStack, there), publishers: [rules] }));
  return {
    home: region,
    topics: [
      { ...atHome(names.topic), publishers: [], addresses },
      ...[
        { ...atHome(names.watchTopic), publishers: [alarms, ...heardIn(region)] },
        ...replicas,
        ...others,
      ].map((topic) => ({ ...topic, addresses: [] })),
    ],
    alarms: [
      ...alarmsAtHome.map((name) => atHome(names.alarm(name))),
      ...(first === undefined ? [] : [elsewhere(names.alarm(alarmNameOf('HomeSilent')), first)]),
    ],
  };
}
