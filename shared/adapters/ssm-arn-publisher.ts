import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import type { ArnPublisher } from '#shared/deploy/publish/arn-publisher.ts';
import { type ErrorName, errorName } from '#shared/errors.ts';

/** Errors that a person can act on: rights, quotas, and a parameter of that name that somebody else created. */
const refusals = [
  'AccessDeniedException',
  'HierarchyTypeMismatchException',
  'ParameterLimitExceeded',
  'ParameterMaxVersionLimitExceeded',
  'ParameterPatternMismatchException',
  'ValidationException',
];

const publishing = callsRefusedAs('ParameterNotPublished');
const withdrawing = callsRefusedAs('ParameterNotWithdrawn');

/** Publishes ARNs as Systems Manager parameters in one place. */
export function ssmArnPublisher(client: SSMClient): ArnPublisher {
  return {
    publish: (Name, Value) =>
      publishing('PutParameter', Name, async () => {
        const parameter = { Name, Value, Type: 'String', Overwrite: true } as const;
        await client.send(new PutParameterCommand(parameter));
      }),
    withdraw: (Name) =>
      withdrawing('DeleteParameter', Name, async () => {
        await client.send(new DeleteParameterCommand({ Name })).catch((cause: unknown) => {
          if (errorName(cause) !== 'ParameterNotFound') throw cause;
        });
      }),
  };
}

function callsRefusedAs(name: ErrorName) {
  const known = Object.fromEntries(refusals.map((refusal) => [refusal, name]));
  return serviceCalls({ service: 'SSM', stage: 'import', known });
}
