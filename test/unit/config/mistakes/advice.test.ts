import { expect, test } from 'vitest';
import type * as z from 'zod';
import { certificateSchema } from '#shared/config-file/schema.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import { configYaml, problemsOf } from '#test/support/config-yaml.ts';

type Spec = { readonly schema: z.ZodObject; readonly example: Readonly<Record<string, unknown>> };

/** Every field of a plugin once with a value that is right nowhere, written into a file. */
function filesOf(specs: Readonly<Record<string, Spec>>, fileWith: (plugin: string) => string) {
  return Object.values(specs).flatMap(({ schema, example }) =>
    Object.keys(schema.shape).flatMap((field) =>
      ['§ §', 5.5, [], {}].map((value): [string, string] => [
        `${example.type}.${field}: ${JSON.stringify(value)}`,
        fileWith(JSON.stringify({ ...example, [field]: value })),
      ]),
    ),
  );
}

const files: readonly [string, string][] = [
  ...filesOf(issuerSpecs, (plugin) => configYaml({ issuers: `issuers: {letsencrypt: ${plugin}}` })),
  ...filesOf(solverSpecs, (plugin) => configYaml({ solvers: `solvers: [${plugin}]` })),
  ...filesOf(targetSpecs, (plugin) =>
    configYaml({
      certificates: `certificates: {shop: {names: [a.example.com], issuer: letsencrypt, key: rsa-2048, targets: [${plugin}]}}`,
    }),
  ),
  ...filesOf({ certificate: { schema: certificateSchema, example: {} } }, (certificate) =>
    configYaml({ certificates: `certificates: {shop: ${certificate}}` }),
  ),
];

test('the advice on each wrong field is its own, and refers nobody to a page', () => {
  const fixes = files.flatMap(([what, text]) =>
    problemsOf(text).map(({ path, fix }) => `${what} · ${path} · ${fix}`),
  );
  expect(fixes.length).toBeGreaterThan(files.length / 2);
  expect(fixes.filter((fix) => /Correct the value|docs\/|example file/.test(fix))).toEqual([]);
  expect(fixes.filter((fix) => fix.endsWith('· '))).toEqual([]);
});
