import { expect, test } from 'vitest';
import { nagReport } from '#scripts/nag/report.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const { directory, names } = synthesized(configYaml());
const report = nagReport(directory);

test('the report has every stack, and every rule that is acknowledged with its reason', () => {
  expect(report.stacks).toEqual([...names].toSorted());
  expect(report.rules).toMatch(/^AwsSolutionsChecks of cdk-nag \d/);
  const rules = new Set(report.acknowledged.map(({ rule }) => rule.replace(/\[.*/, '')));
  expect(rules).toEqual(new Set(['AwsSolutions-IAM5', 'AwsSolutions-S1', 'AwsSolutions-SQS3']));
  for (const { construct, reason } of report.acknowledged) {
    expect(construct).toMatch(/^\//);
    expect(reason.length).toBeGreaterThan(20);
  }
});
