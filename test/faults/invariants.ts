import { txtValues } from '#local/demo/foreign-txt.ts';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import { isPublishing } from '#shared/deploy/publish/published.ts';
import { arnParameter, managedTag } from '#shared/installation.ts';
import { readPart } from '#shared/ledger/parts/part-object.ts';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { readRecord, recordKey } from '#shared/ledger/record/record-object.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { privateKeysIn, textsWithKey } from '#test/support/key-traces.ts';
import type { World } from '#test/support/world.ts';
import { rulesOf } from '#test/support/world-rules.ts';
import { misheard, notWell } from './heard.ts';
import { unrest } from './rest.ts';
import { currentVersionOf } from './secrets.ts';
import type { ForeignTxt, Setting } from './setting.ts';

/** The final state that is checked. */
export type Ending = {
  readonly world: World;
  readonly setting: Setting;
  /** Values that are not ours. */
  readonly foreign: readonly ForeignTxt[];
};

export type Invariant = {
  readonly name: string;
  /** Returns each violation as a sentence. */
  readonly breaches: (ending: Ending) => readonly string[] | Promise<readonly string[]>;
};

/** Conditions that hold once all is quiet again. Those that hold at every moment are in observe.ts. */
export const invariants: readonly Invariant[] = [
  {
    name: 'all is at rest: no lease, attempt, failure, event or clean-up is left',
    breaches: ({ world }) => unrest(world),
  },
  { name: 'one finalized order and one issued version for each reason', breaches: orders },
  { name: 'one key for each attempt', breaches: keys },
  { name: 'no challenge value of ours is left, and the foreign ones are', breaches: txt },
  { name: 'no listener rule and no answer to a challenge of ours is left', breaches: answers },
  {
    name: 'one certificate of ours in the store of each place for each certificate',
    breaches: imports,
  },
  { name: 'the parameter of each place holds the ARN there', breaches: parameters },
  { name: 'every endpoint serves the desired certificate', breaches: served },
  { name: 'every event left', breaches: events },
  { name: 'what people last heard is what is', breaches: ({ world }) => misheard(world) },
  { name: 'all is called well', breaches: ({ world }) => notWell(world) },
  { name: 'AWSCURRENT is the desired version, in every region', breaches: secrets },
  { name: 'replicas hold what the home region holds', breaches: replicas },
  { name: 'no key in any output', breaches: traces },
];

function recordsOf(world: World): readonly CertificateRecord[] {
  return world.landscape.config.certificates.map(({ id }) => world.record(id));
}

function pastOf({ past }: Setting, id: string): string | null {
  return past.some((each) => each.id === id) ? `seed-${id}` : null;
}

function orders({ world, setting }: Ending): readonly string[] {
  const made = world.cloud.ca.ledger().orders;
  return recordsOf(world).flatMap(({ id, versions, desired }) => {
    const names = world.landscape.config.certificates.find((each) => each.id === id)?.names ?? [];
    const finalized = made.filter(
      (order) =>
        order.finalizedTimes > 0 && order.names.toSorted().join() === names.toSorted().join(),
    );
    const expected = setting.renewed.includes(id) ? 1 : 0;
    const issued = versions.filter((version) => version.id !== pastOf(setting, id));
    const serial = versions.find((version) => version.id === desired)?.serial;
    return [
      ...(finalized.length === expected
        ? []
        : [`${id}: ${finalized.length} orders were finalized`]),
      ...(issued.length === expected ? [] : [`${id}: ${issued.length} versions were issued`]),
      ...(expected === 0 || finalized.some((order) => order.serial === serial)
        ? []
        : [`${id}: the desired version is of no finalized order`]),
    ];
  });
}

function keys({ world, setting: { past, renewed } }: Ending): readonly string[] {
  const found = privateKeysIn(world.cloud.secrets.values()).length;
  // One for each past version, each renewal, and the account.
  const expected = past.length + renewed.length + 1;
  return found === expected ? [] : [`${found} keys are stored, not ${expected}`];
}

function txt({ world: { cloud }, setting, foreign: others }: Ending): readonly string[] {
  return setting.challengeNames.flatMap((name) => {
    const foreign = others.filter((each) => each.name === name).map(({ value }) => `"${value}"`);
    const left = txtValues(cloud, name);
    if (left.toSorted().join() === foreign.toSorted().join()) return [];
    return [`at ${name} is ${left.join(' ') || 'nothing'}`];
  });
}

async function answers({ world }: Ending): Promise<readonly string[]> {
  // A permanent rule stays, and where no solver answers over HTTP there is no listener for one.
  const makesRules = world.landscape.config.solvers.some(
    (solver) => solver.type === 'alb-http01' && solver.rule !== 'permanent',
  );
  const left = makesRules ? await rulesOf(world) : [];
  const { cloud, names } = world;
  const objects = cloud.s3.keysOf(names.bucket).filter((key) => key.startsWith('challenges/'));
  return [
    ...left.map((rule) => `the listener has the rule ${rule}`),
    ...objects.map((key) => `the bucket holds ${key}`),
  ];
}

function imports({ world }: Ending): readonly string[] {
  const { acm, serverCertificates } = world.cloud;
  const inIam = serverCertificates
    .certificates()
    .map(({ served: { arn }, tags }) => ({ arn, tags }));
  const tagged = [...acm.certificates(), ...inIam].filter(({ tags }) => tags.has(managedTag));
  return recordsOf(world).flatMap(({ id, imports: places }) => {
    const known = Object.values(places).map(({ arn }) => arn);
    // Somebody else's certificate that ours was imported over does not name its new owner.
    const ours = tagged.filter(
      ({ arn, tags }) => tags.get(certificateTag) === id || known.includes(arn),
    );
    const unknown = ours.filter(({ arn }) => !known.includes(arn));
    return [
      ...(ours.length === known.length
        ? []
        : [`${id}: ${ours.length} certificates are in ACM and IAM`]),
      ...unknown.map(({ arn }) => `${id}: ${arn} is not in the ledger`),
    ];
  });
}

function parameters({ world }: Ending): readonly string[] {
  const { cloud, names } = world;
  return recordsOf(world).flatMap(({ id, imports: places }) =>
    Object.entries(places).flatMap(([place, { arn }]) => {
      if (!isPublishing(place)) return [];
      const name = arnParameter(names.installation, id);
      const value = cloud.ssm.valueOf(name, parsePlaceKey(place));
      return value === arn ? [] : [`${name} in ${place} is ${value}, not ${arn}`];
    }),
  );
}

async function served({ world }: Ending): Promise<readonly string[]> {
  const breaches: string[] = [];
  for (const { id, desired, versions } of recordsOf(world)) {
    const serial = versions.find((version) => version.id === desired)?.serial;
    const serials = [...(await world.served(id))];
    if (serials.length !== 1 || serials[0] !== serial) {
      breaches.push(`${id}: served is ${serials.join(' and ')}, desired ${serial}`);
    }
  }
  return breaches;
}

function events({ world, setting }: Ending): readonly string[] {
  const sent = world.events();
  const facts = setting.renewed.flatMap((id) => [`${id} was issued`, `${id} is served`]);
  const missing = facts.filter((fact) => !sent.some(({ summary }) => summary.startsWith(fact)));
  const unsent = eventsWritten(world)
    .filter(({ id }) => !id.endsWith(`-issued-${pastOf(setting, id.split('-')[0] ?? '')}`))
    .filter((event) => !sent.some(({ id }) => id === event.id))
    .map(({ id, summary }) => `${summary} (${id})`);
  return [...missing, ...unsent].map((what) => `nobody was sent: ${what}`);
}

/** Returns every event that was ever in an outbox. */
function eventsWritten({ cloud, names, landscape }: World): readonly LedgerEvent[] {
  const versionsAt = (key: string) =>
    cloud.s3
      .versionsOf(names.bucket, key)
      .filter(({ body }) => body.length > 0)
      .map(({ body }) => Buffer.from(body).toString());
  const events = landscape.config.certificates.flatMap(({ id }) => [
    ...versionsAt(recordKey(id)).flatMap((body) => readRecord(id, body).outbox),
    ...writers.flatMap((writer) =>
      versionsAt(partKey(writer, id)).flatMap((body) => readPart(writer, id, body).outbox),
    ),
  ]);
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

function secrets({ world }: Ending): readonly string[] {
  const { home, replicas: regions } = world.landscape.config;
  return recordsOf(world).flatMap(({ id, desired }) =>
    [home.region, ...regions]
      .map((region) => ({ region, current: currentVersionOf(world, id, region) }))
      .filter(({ current }) => current !== desired)
      .map(({ region, current }) => `${id}: AWSCURRENT in ${region} is ${current}`),
  );
}

function replicas({ world }: Ending): readonly string[] {
  const { cloud, names } = world;
  return recordsOf(world).flatMap((record) => {
    const folder = `certificates/${record.id}/versions/${record.desired}`;
    const files = [`${folder}/certificate.pem`, `${folder}/chain.pem`];
    return [...names.replicaBuckets].flatMap(([region, bucket]) => {
      const behind = files.filter(
        (key) => textOf(cloud, bucket, key) !== textOf(cloud, names.bucket, key),
      );
      const copy = JSON.parse(textOf(cloud, bucket, recordKey(record.id)) || '{}');
      if (copy.desired !== record.desired) behind.push(recordKey(record.id));
      return behind.map((key) => `${key} in ${region} differs`);
    });
  });
}

function textOf(cloud: World['cloud'], bucket: string, key: string): string {
  return Buffer.from(cloud.s3.bytesOf(bucket, key) ?? []).toString();
}

function traces({ world }: Ending): readonly string[] {
  const { cloud, names, logs } = world;
  const stored = [names.bucket, ...names.replicaBuckets.values()].flatMap((bucket) =>
    cloud.s3.keysOf(bucket).map((key) => textOf(cloud, bucket, key)),
  );
  const told = [...cloud.sns.published(), ...cloud.events.events, ...logs].map((each) =>
    JSON.stringify(each),
  );
  const dead = world.dispatcher.deadEvents.map((each) => JSON.stringify(each));
  const texts = textsWithKey([...stored, ...told, ...dead], privateKeysIn(cloud.secrets.values()));
  return texts.map((text) => `a key stands in ${text.slice(0, 60)}…`);
}
