import { threadsOf } from '#shared/finish/alert/threads.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import type { Status } from '#shared/status/status-schema.ts';
import type { World } from '#test/support/world.ts';

/** What people last heard is what is: nothing else is noted as told, and no more than was sent. */
export function misheard(world: World): readonly string[] {
  const status = statusIn(world);
  const tellings = versionsOf<Told>(world, 'told/told.json');
  const told = tellings.at(-1);
  if (!status && !told && !hasAlarmOfThisRelease(world)) return [];
  if (!status || !told) return ['nobody was ever told anything'];
  const heard = new Set(Object.keys(told.threads));
  const bad = new Set(threadsOf(status, heard).map(({ key }) => key));
  const noted = idsNoted(tellings);
  const sent = world.inbox().length;
  return [
    ...[...bad].filter((key) => !heard.has(key)).map((key) => `nobody was told of ${key}`),
    ...[...heard]
      .filter((key) => !bad.has(key))
      .map((key) => `nobody was told that ${key} is well again`),
    ...Object.keys(told.sending).map((key) => `a message about ${key} is still to be sent`),
    ...(sent < noted.size
      ? [`${noted.size} messages are noted as told, and ${sent} were sent`]
      : []),
  ];
}

/** Returns each certificate that the last check has not called well. */
export function notWell(world: World): readonly string[] {
  const { certificates = [], causes = [] } = statusIn(world) ?? {};
  return certificates
    .filter(({ state }) => state !== 'well')
    .map(({ conditions = [], id, state }) => {
      const why = conditions.map(({ cause }) => `${causes[cause]?.type} ${causes[cause]?.reason}`);
      return `${id} is called ${state}: ${why.join(', ')}`;
    });
}

function statusIn(world: World): Status | undefined {
  return versionsOf<Status>(world, 'status/status.json').at(-1);
}

/** The oldest comes first. */
function versionsOf<Content>({ cloud, names }: World, key: string): readonly Content[] {
  return cloud.s3
    .versionsOf(names.bucket, key)
    .toReversed()
    .map(({ body }) => JSON.parse(Buffer.from(body).toString()));
}

/** What was to be sent and then counts as told. What a run that died has not sent may be replaced by news. */
function idsNoted(tellings: readonly Told[]): ReadonlySet<string> {
  const ids = tellings.flatMap(({ sending }, at) => {
    const isOver = Object.keys(tellings[at + 1]?.sending ?? sending).length === 0;
    return isOver ? Object.values(sending).map(({ id }) => id) : [];
  });
  return new Set(ids);
}

/** The reasons for which people heard that something is not well. */
export function reasonsHeard({ inbox }: World): readonly string[] {
  return inbox().flatMap(({ message }) => {
    const titles = message.matchAll(
      /^(?:.*: ([A-Z]\w+)\.\n| {2}(?:critical|warning): .*: ([A-Z]\w+)$)/gm,
    );
    return [...titles].flatMap(([, alone, among]) => alone ?? among ?? []);
  });
}

/** A drill in which no release replaces the one before shows the calls of that one, which told people of events. */
function hasAlarmOfThisRelease({ cloud, landscape }: World): boolean {
  return cloud.cloudwatch.alarms.find(landscape.config.home, 'certkeep-DeadLetters') !== null;
}
