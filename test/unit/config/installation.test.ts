import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config-file/parse.ts';
import { configYaml, healthyParts } from '#test/support/config-yaml.ts';

function problemsOf(installation: string): readonly string[] {
  const parsed = parseConfig(
    configYaml({ home: `${healthyParts.home}\ninstallation: ${installation}` }),
  );
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
}

test.each(['certkeep', 'a', 'tls-2', 'defaults', 'x'.repeat(24)])('%s is a name', (name) => {
  expect(problemsOf(name)).toEqual([]);
});

test.each([
  // Parameter Store's own.
  'aws-tls',
  'ssm',
  // The event bus and the group of schedules that every account has.
  'default',
  // S3's own.
  'sthree-tls',
  'xn--tls',
  'amzn-s3-demo-tls',
  // Where another installation keeps the keys of its accounts.
  'certkeep-accounts',
  'x'.repeat(25),
  '2nd',
  'Certkeep',
])('%s is none: what it names could not be created', (name) => {
  expect(problemsOf(name)).toEqual([expect.stringMatching(/^installation: /)]);
});
