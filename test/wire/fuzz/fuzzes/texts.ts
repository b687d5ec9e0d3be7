import { certificateConditions } from '#shared/check/conditions/certificate-conditions.ts';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { configWith, now } from '#test/support/healthy.ts';
import { recordOfEveryField } from '#test/support/record-of-every-field.ts';
import type { Fuzz } from '../fuzz.ts';
import { below, mutated, mutatedJson, oneOf } from '../mutate.ts';
import { outcomeOf } from '../outcome.ts';

const yamlPieces = [
  '{',
  '[',
  '- ',
  ': ',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!js/function ',
  '|\n',
  '\t',
  '"',
];

/** A file that a person wrote. */
export const configurations: Fuzz = {
  name: 'yaml',
  usual: 6_000,
  fixed: 100,
  start: async () => (random) => {
    const healthy = configYaml();
    const at = below(random, healthy.length);
    const text = oneOf(random, [
      () => mutated(Buffer.from(healthy), random).toString('utf8'),
      () => `${healthy.slice(0, at)}${oneOf(random, yamlPieces)}${healthy.slice(at)}`,
      () => `${healthy.slice(0, at)}__proto__: {x: 1}${healthy.slice(at)}`,
    ])();
    const reading = parseConfig(text);
    if (reading.ok) return 'read';
    renderProblems(reading.problems, 'certkeep.yaml');
    return 'problems';
  },
};

const recordBytes = 8 << 20;

/** The record as anybody who may write it may have left it; and what is told of it. */
export const records: Fuzz = {
  name: 'records',
  usual: 20_000,
  fixed: 400,
  start: async () => {
    const healthy = recordOfEveryField();
    return (random) => {
      const text = JSON.stringify(mutatedJson(healthy, random));
      const body = random() < 0.1 ? mutated(Buffer.from(text), random).toString() : text;
      if (body.length > recordBytes) return 'too large to be read';
      const outcome = outcomeOf(() => readRecord('shop', body), told);
      if (Object.hasOwn(Object.prototype, 'x')) throw new Error('a prototype was changed');
      return outcome;
    };
  },
};

function filled(unit: string): string {
  return unit.repeat(Math.floor((recordBytes - 200) / unit.length));
}

/** As large as a record may be, of what takes most. */
export const largeRecords: Fuzz = {
  name: 'record-sizes',
  usual: 30,
  fixed: 6,
  isLarge: true,
  start: async () => {
    const bodies: readonly (readonly [name: string, body: string])[] = [
      ['empty lists', `{"id":"shop","writeIds":[${filled('[],')}[]]}`],
      ['empty objects', `{"id":"shop","history":[${filled('{},')}{}]}`],
      ['numbers', `{"id":"shop","outbox":[${filled('7,')}7]}`],
      ['levels', `${'['.repeat(recordBytes / 2)}${']'.repeat(recordBytes / 2)}`],
      ['one text', JSON.stringify({ ...recordOfEveryField(), id: filled('x') })],
      ['one name', JSON.stringify({ ...recordOfEveryField(), leases: { [filled('x')]: 1 } })],
    ];
    // In one piece, as it comes out of S3.
    const flat = bodies.map(([name, body]) => [name, Buffer.from(body).toString()] as const);
    return (_, nth) => {
      const [name, body] = flat[nth % flat.length] as (typeof flat)[number];
      return `${name}: ${outcomeOf(() => readRecord('shop', body), told)}`;
    };
  },
};

/** What it makes of the conditions, which people and other tools read. */
function told(record: ReturnType<typeof readRecord>): string {
  const { certificates, ...config } = configWith();
  for (const certificate of certificates) {
    certificateConditions({ config, certificate, record, secret: null, now }, []);
  }
  return 'read';
}
