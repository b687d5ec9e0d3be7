import { expect, test } from 'vitest';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

/**
 * Lambda stops what it takes for a loop: a function that is invoked for about the 16th time in one chain of messages
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 */
test('functions that go on by a message of their own are not stopped as a loop', () => {
  const functions = synthesized(configYaml()).all('AWS::Lambda::Function');
  const allowed = functions
    .filter(({ Properties }) => Properties.RecursiveLoop === 'Allow')
    .map(({ Properties }) => String(Properties.FunctionName).replace(/^.*-/, ''));
  expect(allowed.toSorted()).toEqual(['deploy', 'issue', 'verify']);
});
