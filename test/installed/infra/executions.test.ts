import { expect, test } from 'vitest';
import {
  accountExecutions,
  executionsOf,
  issueRunsAtOnce,
  mappedExecutions,
  usualExecutions,
} from '#shared/limits.ts';
import { configYaml, healthyParts, problemsOf } from '#test/support/config-yaml.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const withConcurrency = (text: string) =>
  configYaml({ home: `${healthyParts.home}\nconcurrency: ${text}` });

/** By the function that a mapping starts, from the template. */
function mappingsIn(text: string): Readonly<Record<string, number>> {
  const mappings = synthesized(text).all('AWS::Lambda::EventSourceMapping');
  return Object.fromEntries(
    mappings.map(({ Properties }) => [
      /(Issue|Deploy|Verify)/.exec(Properties.FunctionName.Ref)?.[1]?.toLowerCase(),
      Properties.ScalingConfig.MaximumConcurrency,
    ]),
  );
}

test('all queues together leave three of the ten executions of a new account, for check, alert, sync and challenges', () => {
  const mappings = mappingsIn(configYaml());
  expect(mappings).toEqual(usualExecutions);
  const sum = Object.values(mappings).reduce((one, other) => one + other, 0);
  expect(sum).toBeLessThanOrEqual(mappedExecutions);
  expect(accountExecutions - sum).toBeGreaterThanOrEqual(3);
  expect(synthesized(configYaml()).warnings).toEqual([]);
});

test('no function reserves concurrency, which a new account could not give', () => {
  for (const { Properties } of synthesized(configYaml()).all('AWS::Lambda::Function')) {
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
  }
});

test('the configuration raises them, and synthesis says what the account must be allowed', () => {
  const text = withConcurrency('{issue: 8}');
  expect(mappingsIn(text)).toEqual({ issue: 8, deploy: 2, verify: 2 });
  expect(executionsOf(configOf(text))).toEqual({ issue: 8, deploy: 2, verify: 2 });
  expect(synthesized(text).warnings.join()).toMatch(
    /may take 12 executions .* must be allowed 15 .*L-B99A9384 --region us-east-1/,
  );
});

test('more runs of issue share the same rate limit of a DNS service', () => {
  const one = issueRunsAtOnce(configOf(configYaml()));
  expect(issueRunsAtOnce(configOf(withConcurrency('{issue: 8}'))) - one).toBe(5);
});

test.each([
  ['{issue: 1}', 'concurrency.issue', 'Write at least 2.'],
  ['{deploy: 101}', 'concurrency.deploy', 'Write at most 100.'],
  ['{alert: 2}', 'concurrency.alert', 'Remove it. Known here: issue, deploy, verify.'],
])('%s is refused', (written, path, fix) => {
  expect(problemsOf(withConcurrency(written))).toMatchObject([{ path, fix }]);
});
