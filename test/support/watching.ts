import type { LookPorts } from '#shared/check/observations/look.ts';
import { s3Observations } from '#shared/check/observations/observations.ts';
import type { ReportPorts } from '#shared/check/report.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import type { ObjectStore } from '#shared/object-store.ts';

/** Check sees that every secret is there, that somebody gets the messages, and that the alarms ring. */
export function watching(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  replicas: readonly string[] = [],
): Omit<LookPorts, 'clock'> & Pick<ReportPorts, 'signs' | 'measureAlert'> {
  const region = 'us-east-1';
  const watcher = (name: string) => ({ key: name, name, region, publishers: [], addresses: [] });
  const watcherIn = (replica: string) => ({
    ...{ key: `certkeep-watch in ${replica}`, name: 'certkeep-watch' },
    region: replica,
    publishers: ['cloudwatch.amazonaws.com'],
    addresses: [],
  });
  return {
    observations: s3Observations(objects),
    keys: { stateOf: async () => 'there' },
    watchers: {
      home: region,
      topics: [watcher('certkeep-alerts'), ...replicas.map(watcherIn)],
      alarms: [watcher('certkeep-CheckSilent')],
    },
    watcherLook: {
      audienceOf: async () => ({ confirmed: 1, pending: 0, isClosed: false, unconfirmed: [] }),
      statesOf: async (_, names) => names.map(() => 'on'),
    },
    told: s3Told(objects),
    signs: [],
    measureAlert: async () => undefined,
  };
}
