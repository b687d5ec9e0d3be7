import { randomOf } from 'local-cloud/kit/determinism.ts';
import { expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import { managedTag } from '#shared/installation.ts';
import {
  type CertificateRecord,
  desiredVersion,
  recordSchema,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import {
  deployStage,
  foreignArn,
  installation,
  place,
  type Stage,
} from '#test/support/deploy-stage.ts';
import { isFull } from '#test/support/full.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';
import { bare, defOf, type Field, fieldsOf, isInstant } from '#test/support/schema-fields.ts';

const arnOf = (name: string) => `arn:aws:acm:us-east-1:000000000000:certificate/${name}`;
/** Another team's, of another certificate of the installation, and of another installation. */
const strangers = {
  [arnOf('theirs')]: {},
  [arnOf('blog')]: { [managedTag]: installation, [certificateTag]: 'blog' },
  [arnOf('second')]: { [managedTag]: 'another', [certificateTag]: 'shop' },
};
const foreign = Object.keys(strangers);

/** What deploy and verify go by, at every depth. Times have bounds of their own. */
const fields = fieldsOf(recordSchema).filter(
  ({ path, schema }) =>
    !isInstant(schema) && ['desired', 'versions', 'imports', 'deployments'].includes(path[0] ?? ''),
);

type Draw = { readonly random: () => number; readonly stage: Stage };

/** A listener in whose list strangers stand, and a certificate that has been renewed once. */
async function lived(): Promise<Stage> {
  const stage = deployStage({ kinds: ['default', 'sni'] });
  const like = stage.acm.held.get(foreignArn);
  if (!like) throw new Error('there is no certificate to begin with');
  for (const [index, [arn, tags]] of Object.entries(strangers).entries()) {
    const serial = `E${index}`;
    stage.acm.hold({ ...like, arn, serial, fingerprintSha256: paperFingerprint(serial) }, tags);
  }
  await stage.issue('v1');
  await rounds(stage, 2);
  await stage.issue('v2');
  await rounds(stage, 2);
  expect(await stage.states()).toEqual(['proven', 'proven']);
  return stage;
}

async function rounds(stage: Stage, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await stage.deploy();
    await stage.verify();
    stage.clock.advance(7 * hourMs);
  }
}

function pick<T>({ random }: Draw, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T;
}

/** Anything that the schema takes; of texts, those that may lead somewhere. */
function draw(from: Draw, schema: z.core.$ZodType): unknown {
  const { type } = schema._zod.def;
  if ((type === 'nullable' || type === 'optional') && from.random() < 0.3) {
    return type === 'nullable' ? null : undefined;
  }
  const { shape, element, valueType, ...rest } = defOf(bare(schema));
  if (isInstant(schema))
    return addMs(from.stage.clock.now(), pick(from, [-1, 0, 1]) * dayMs).toISOString();
  if (shape)
    return Object.fromEntries(Object.entries(shape).map(([key, each]) => [key, draw(from, each)]));
  if (element) return [draw(from, element)];
  if (valueType) return { [keyFor(from)]: draw(from, valueType) };
  const options = (bare(schema)._zod as { values?: Set<unknown> }).values;
  if (options) return pick(from, [...options]);
  if (rest.type === 'boolean') return from.random() < 0.5;
  if (rest.type === 'number' || rest.type === 'int') return pick(from, [0, 1, 7]);
  const serials = ['E0', 'E1', '01', '02'];
  return pick(from, [
    ...[...foreign, ...foreign, foreignArn, 'v1', 'v2', 'shop', 'blog', place],
    ...[...serials, ...serials.map(paperFingerprint), 'shop.example.com'],
  ]);
}

function keyFor(from: Draw): string {
  return pick(from, [place, ...from.stage.targets.map(({ key }) => key)]);
}

/** Another value at one field, wherever the record has its container. */
function mutated(
  from: Draw,
  record: CertificateRecord,
  { path, schema }: Field,
): CertificateRecord {
  const changed = structuredClone(record);
  let at: unknown = changed;
  for (const [depth, name] of path.entries()) {
    if (typeof at !== 'object' || at === null) return changed;
    const held = at as Record<string, unknown>;
    const keys = Object.keys(held);
    const key = name === '*' ? (keys.length > 0 ? pick(from, keys) : '0') : name;
    if (depth < path.length - 1) at = held[key];
    else held[key] = draw(from, schema);
  }
  return changed;
}

async function expectNoHarm(stage: Stage, told: number): Promise<void> {
  for (const [index, arn] of foreign.entries()) {
    expect(stage.acm.held.get(arn)?.serial).toBe(`E${index}`);
    expect(stage.acm.imports).not.toContain(arn);
    expect(stage.publisher.puts).not.toContain(arn);
  }
  for (const [index, { held }] of stage.targets.entries()) {
    const listed = index === 1 ? held.slice(1).filter((arn) => foreign.includes(arn)) : [];
    expect(held.filter((arn) => foreign.includes(arn))).toEqual(listed);
    // By hand, before the record was written: it stays.
    if (index === 1) expect(listed).toEqual([foreign[0]]);
  }
  const record = await stage.record();
  if (desiredVersion(record) === null) return;
  const isProven = (await stage.states()).every((state) => state === 'proven');
  expect(isProven || stage.events.length + stage.errors.length > told).toBe(true);
}

/** 200 in CI, 20,000 by hand: `npm run mutations`. */
const count = Number(process.env.MUTATIONS ?? (isFull ? 200 : 20));

test.each(Array.from({ length: count }, (_, seed) => seed))(
  'a record that somebody has written leads to no foreign ARN and to no silence (%i)',
  async (seed) => {
    const stage = await lived();
    stage.targets[1]?.listByHand(foreign[0] as string);
    const from = { stage, random: randomOf(seed + 1) };
    const told = stage.events.length + stage.errors.length;
    for (let times = 1 + (seed % 8); times > 0; times -= 1) {
      const record = await stage.record();
      const forged = mutated(from, record, pick(from, fields));
      if (recordSchema.safeParse(forged).success) await stage.ledger.update('shop', () => forged);
    }
    // A new ARN, so that every list is changed.
    if (seed % 2 === 0) await stage.issue('v3', { keyAlgorithm: 'rsa-2048' });
    await rounds(stage, 12);
    await expectNoHarm(stage, told);
  },
);
