import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutDescriptions } from '#infra/bundling/lean-sources.ts';
import { withPlainSchemas } from '#infra/bundling/plain-schemas.ts';
import { withoutErrors, withShortErrors } from '#infra/bundling/short-errors.ts';
import { sourcesOf } from '#test/house/sources.ts';

/** Every SDK client that certkeep uses. */
const clients = [
  ...new Set(
    sourcesOf('shared', 'functions')
      .flatMap(({ imports }) => imports)
      .map(({ to }) => to)
      .filter((to) => to.startsWith('@aws-sdk/client-')),
  ),
];

function fileOf(client: string, path: string): string {
  return readFileSync(new URL(`../../../node_modules/${client}/${path}`, import.meta.url), 'utf8');
}

/** Runs a module's text with a base class of its own. */
async function exportsOf(text: string): Promise<Record<string, unknown>> {
  const base = 'const __BaseException = globalThis.__base ??= class extends Error {';
  const body = 'constructor(options) { super(options.message); Object.assign(this, options); } };';
  const whole = text.replace(/^import .* as __BaseException .*$/m, `${base} ${body}`);
  return import(`data:text/javascript;base64,${Buffer.from(whole).toString('base64')}`);
}

type ErrorClass = { new (options: object): Error; readonly shapeId?: string };

test.each(clients)('the errors of %s are what they were, and shorter', async (client) => {
  const source = fileOf(client, 'dist-es/models/errors.js');
  const short = withShortErrors(source);
  const [before, after] = [await exportsOf(source), await exportsOf(short)];
  const names = Object.keys(before);
  expect(Object.keys(after)).toEqual(names);
  for (const name of names) {
    const [one, other] = [before[name] as ErrorClass, after[name] as ErrorClass];
    // Name and fault are the class's own, whatever is given.
    const given = { message: 'm', Message: 'M', Type: 'Sender', name: 'x', $fault: 'x' };
    const [made, remade] = [new one(given), new other(given)];
    expect({ ...remade }).toEqual({ ...made });
    expect(Object.keys(remade).toSorted()).toEqual(Object.keys(made).toSorted());
    expect(remade).toBeInstanceOf(other);
    expect(Object.getPrototypeOf(other)).toBe(Object.getPrototypeOf(one));
    expect(other.shapeId).toBe(one.shapeId);
  }
  expect(short.length).toBeLessThan(0.5 * source.length);
});

test('an error with a trait of its own stays as it is', () => {
  const retried = fileOf('@aws-sdk/client-acm', 'dist-es/models/errors.js');
  expect(withShortErrors(retried).match(/\$retryable/g)).toEqual(retried.match(/\$retryable/g));
});

test.each([
  ['ssm', 'SSMServiceException'],
  ['acm', 'ACMServiceException'],
  ['eventbridge', 'EventBridgeServiceException'],
  ['lambda', 'LambdaServiceException'],
  ['secrets-manager', 'SecretsManagerServiceException'],
])('of the errors of %s nothing is registered but what they all are', (client, base) => {
  const source = fileOf(`@aws-sdk/client-${client}`, 'dist-es/schemas/schemas_0.js');
  const registered = (text: string) => text.match(/registerError\(\w+/g) ?? [];
  expect(registered(source).length).toBeGreaterThan(8);
  expect(registered(withoutErrors(source))).toEqual([`registerError(${base}`]);
});

test.each(clients)('the schemas of %s have no computed key left', (client) => {
  const source = fileOf(client, 'dist-es/schemas/schemas_0.js');
  expect(source).toMatch(/\[_\w+\]:/);
  expect(withPlainSchemas(source)).not.toMatch(/\[_\w+\]:/);
});

test('a key becomes the text of its constant, and what is not a constant of the file stays', () => {
  const source = 'const _h = "http";\nconst _n = 1;\nx = { [_h]: 1, [_n]: 2, [other]: [_h, _h] };';
  expect(withPlainSchemas(source)).toBe(source.replace('[_h]: 1', '"http": 1'));
});

test('a constant that is used once stands where it is used', () => {
  const source = 'const _a = "one";\nconst _b = "two";\nx = [_a, _b,\n  [_b], { y: _b }];';
  expect(withPlainSchemas(source)).toBe(source.replace('[_a,', '["one",'));
});

test('regions keep their partition and lose their name for people', async () => {
  const source = fileOf(
    '@aws-sdk/core',
    'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
  );
  const read = async (text: string) =>
    (await import(`data:text/javascript,${encodeURIComponent(text)}`)).partitionsInfo;
  const [before, after] = [await read(source), await read(withoutDescriptions(source))];
  expect(JSON.stringify(before)).toContain('"description"');
  expect(JSON.stringify(after)).not.toContain('"description"');
  for (const [index, { regions, ...rest }] of before.partitions.entries()) {
    const { regions: kept, ...others } = after.partitions[index];
    expect([others, Object.keys(kept)]).toEqual([rest, Object.keys(regions)]);
  }
});
