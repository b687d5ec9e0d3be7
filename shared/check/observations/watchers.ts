import { alarmNameOf, alarmsAtHome } from '#shared/alarms.ts';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';

/** A topic or an alarm, in one region. */
export type Watcher = {
  /** Names it among all. */
  readonly key: string;
  readonly name: string;
  readonly region: string;
};

export type WatchedTopic = Watcher & {
  /** Its policy has to let alarms publish. */
  readonly isOfAlarms: boolean;
};

export type Watchers = {
  /** The home region. */
  readonly home: string;
  readonly topics: readonly WatchedTopic[];
  readonly alarms: readonly Watcher[];
};

/** Everything that tells people when something stands still: at home, and in the first replica, which watches home. */
export function watchersOf(config: Pick<Config, 'home' | 'installation' | 'replicas'>): Watchers {
  const names = namesOf(config);
  const { region } = config.home;
  const atHome = (name: string) => ({ key: name, name, region });
  const there = config.replicas.slice(0, 1);
  const inReplica = (name: string) =>
    there.map((replica) => ({ key: `${name} in ${replica}`, name, region: replica }));
  return {
    home: region,
    topics: [
      { ...atHome(names.topic), isOfAlarms: false },
      ...[atHome(names.watchTopic), ...inReplica(names.watchTopic)].map((topic) => ({
        ...topic,
        isOfAlarms: true,
      })),
    ],
    alarms: [
      ...alarmsAtHome.map((name) => atHome(names.alarm(name))),
      ...inReplica(names.alarm(alarmNameOf('HomeSilent'))),
    ],
  };
}
