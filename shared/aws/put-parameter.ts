import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ErrorName } from '#shared/errors.ts';
import { serviceCalls } from './service-errors.ts';

/** Errors that a person can act on: rights, quotas, and a parameter of that name that somebody else created. */
const refusals = [
  'AccessDeniedException',
  'HierarchyTypeMismatchException',
  'ParameterLimitExceeded',
  'ParameterMaxVersionLimitExceeded',
  'ParameterPatternMismatchException',
  'ValidationException',
];

/** Calls to Parameter Store, whose refusals get this name. */
export function parameterCalls(name: ErrorName) {
  const known = Object.fromEntries(refusals.map((refusal) => [refusal, name]));
  return serviceCalls({ service: 'SSM', stage: 'import', known });
}

const publishing = parameterCalls('ParameterNotPublished');

/** Creates a parameter, or replaces its value. @throws CertkeepError ParameterNotPublished */
export function putParameter(client: SSMClient, Name: string, Value: string): Promise<void> {
  return publishing('PutParameter', Name, async () => {
    const parameter = { Name, Value, Type: 'String', Overwrite: true } as const;
    await client.send(new PutParameterCommand(parameter));
  });
}
