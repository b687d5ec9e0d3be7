import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import { configYaml, parsed } from '#test/support/config-yaml.ts';

const root = new URL('../../../', import.meta.url);
const specs: readonly PluginSpec[] = [issuerSpecs, solverSpecs, targetSpecs].flatMap((kind) =>
  Object.values<PluginSpec>(kind),
);

test('the generated pages are up to date (node scripts/generate-docs.ts)', () => {
  execFileSync(process.execPath, ['scripts/generate-docs.ts', '--check'], { cwd: root });
});

test('the example file is a valid configuration', () => {
  const { config, warnings } = parsed(readFileSync(new URL('certkeep.example.yaml', root), 'utf8'));
  // Its address of nobody's is told until somebody has written another.
  expect(warnings).toMatchObject([{ path: 'alerts.email[0]' }]);
  expect(config.certificates.find(({ id }) => id === 'shop')?.names).toEqual([
    'example.com',
    '*.example.com',
  ]);
  const kinds = config.certificates.flatMap(({ targets }) => targets.map(({ type }) => type));
  expect(new Set(kinds)).toEqual(new Set(Object.keys(targetSpecs)));
});

test('the certificates that the page shows on one listener do not answer for each other', () => {
  const page = readFileSync(new URL('docs/configuration.md', root), 'utf8');
  const [, after = ''] = page.split('Several certificates on one listener');
  const [, shown = ''] = /```yaml\n(.*?)```/s.exec(after) ?? [];
  const listener =
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
  const certificates = shown.replace('arn:aws:elasticloadbalancing:…', listener);
  const { config, warnings } = parsed(configYaml({ certificates }));
  expect(config.certificates.map(({ id }) => id)).toEqual(['everything', 'pay', 'pay-rsa']);
  expect(warnings).toEqual([]);
});

test('the commented part at its end is valid too', () => {
  const text = readFileSync(new URL('certkeep.example.yaml', root), 'utf8');
  const [before = '', retired = ''] = text.split('# retired:');
  const { config } = parsed(`${before}retired:${retired.replaceAll('\n# ', '\n')}`);
  expect([config.retired.solvers.length, config.retired.places.length]).toEqual([1, 1]);
});

test.each(specs.map((spec) => [spec.type, spec] as const))(
  'the example of %s is valid',
  (_, spec) => {
    expect(spec.schema.safeParse(spec.example).error).toBeUndefined();
    expect(spec.example.type).toBe(spec.type);
  },
);
