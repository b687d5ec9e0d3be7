import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';

/** The function that the visited cloud holds, and which answers with what it was told. */
export const echo = deployedFunction('certkeep-echo', { region: 'us-east-1' });

export async function visitLambda(aws: AwsCommand): Promise<void> {
  const { Functions } = await aws.run('lambda', 'ListFunctions');
  expect(Functions).toEqual([expect.objectContaining({ FunctionName: 'certkeep-echo' })]);
  const named = ['--function-name', 'certkeep-echo'];
  const configuration = await aws.run('lambda', 'GetFunctionConfiguration', ...named);
  expect(configuration).toMatchObject({ Environment: { Variables: {} }, Timeout: 150 });
  const { AccountLimit } = await aws.run('lambda', 'GetAccountSettings');
  expect(AccountLimit).toMatchObject({
    ConcurrentExecutions: 10,
    UnreservedConcurrentExecutions: 10,
  });
  const payload = await aws.file('payload.json', '{"hello":"there"}');
  const into = await aws.file('answer.json', '');
  const to = [...named, '--payload', `fileb://${payload}`];
  const answer = await aws.run('lambda', 'Invoke', ...to, into);
  expect(answer).toMatchObject({ StatusCode: 200 });
  expect(JSON.parse(await readFile(into, 'utf8'))).toEqual({ hello: 'there' });
  const later = await aws.run('lambda', 'Invoke', ...to, '--invocation-type', 'Event', into);
  expect(later).toEqual({ StatusCode: 202 });
}
