import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ArnPublisher } from '#shared/deploy/publish.ts';
import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';

/** What a person can act on: rights, quotas, and a parameter of that name that somebody else made. */
const refusals: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'HierarchyTypeMismatchException',
  'ParameterLimitExceeded',
  'ParameterMaxVersionLimitExceeded',
  'ParameterPatternMismatchException',
  'ValidationException',
]);

/** Parameters of Systems Manager in one place. */
export function ssmArnPublisher(client: SSMClient): ArnPublisher {
  return {
    async publish(Name, Value) {
      const parameter = { Name, Value, Type: 'String', Overwrite: true } as const;
      try {
        await client.send(new PutParameterCommand(parameter));
      } catch (cause) {
        throw refusal('ParameterNotPublished', Name, cause);
      }
    },
    async withdraw(Name) {
      try {
        await client.send(new DeleteParameterCommand({ Name }));
      } catch (cause) {
        if (errorName(cause) === 'ParameterNotFound') return;
        throw refusal('ParameterNotWithdrawn', Name, cause);
      }
    },
  };
}

function refusal(name: ErrorName, parameter: string, cause: unknown): unknown {
  if (!refusals.has(errorName(cause))) return cause;
  return new CertkeepError(name, `SSM: ${parameter}: ${errorMessage(cause)}`, { cause });
}
