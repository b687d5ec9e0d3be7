import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '#shared/config-file/json-schema.ts';
import { parseConfig } from '#shared/config-file/parse.ts';

const files = ['certkeep.example.yaml', 'examples/three-regions.yaml', 'examples/everything.yaml'];
const textOf = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

type Schema = {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
};

/** Every key of the schema: `home.region`, `solvers[alb-http01].rule`, `certificates.*.names`. */
function keysOf(schema: Schema, path = ''): readonly string[] {
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const kind = properties.type?.const;
  const here = kind === undefined ? path : `${path}[${kind}]`;
  return [
    ...Object.entries(properties).flatMap(([key, each]) => {
      const at = here === '' ? key : `${here}.${key}`;
      return [at, ...keysOf(each, at)];
    }),
    ...[...anyOf, ...oneOf, ...(items ? [items] : [])].flatMap((each) => keysOf(each, path)),
    ...(additionalProperties ? keysOf(additionalProperties, `${path}.*`) : []),
  ];
}

const records = ['issuers', 'certificates', 'places'];

/** Every key of a file, written in the same way. */
function keysIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keysIn(each, path));
  if (typeof value !== 'object' || value === null) return [];
  if (records.includes(path)) {
    return Object.values(value).flatMap((each) => keysIn(each, `${path}.*`));
  }
  const here = 'type' in value ? `${path}[${value.type}]` : path;
  return Object.entries(value).flatMap(([key, each]) => {
    const at = here === '' ? key : `${here}.${key}`;
    return [at, ...keysIn(each, at)];
  });
}

test('every key of the configuration stands in an example', () => {
  // Allowed and forbidden hours exclude each other: the windows of all and of one certificate show them together.
  const shared = (key: string) => key.replace('certificates.*.maintenance.', 'maintenance.');
  const inExamples = new Set(files.flatMap((file) => keysIn(parse(textOf(file)))).map(shared));
  // Retired solvers are solvers as above, of which one stands for all.
  const keys = keysOf(configJsonSchema() as Schema).filter(
    (key) => !/^retired\.solvers\[/.test(key),
  );
  expect(keys).toContain('solvers[alb-http01].selector.dnsZones');
  expect(keys).toContain('certificates.*.targets[clb].account');
  expect(keys.filter((key) => !inExamples.has(shared(key)))).toEqual([]);
});

test.each(files)('%s is valid', (file) => {
  const reading = parseConfig(textOf(file), file);
  expect(reading.ok ? [] : reading.problems).toEqual([]);
});

test('the example with every key is warned of nothing', () => {
  const reading = parseConfig(textOf('examples/everything.yaml'));
  expect(reading.ok && reading.warnings).toEqual([]);
});
