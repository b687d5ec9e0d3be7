import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ArnPublisher } from '#shared/deploy/publish.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';

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
        if (!refusals.has(errorName(cause))) throw cause;
        const message = `SSM: ${Name}: ${errorMessage(cause)}`;
        throw new CertkeepError('ParameterNotPublished', message, { cause });
      }
    },
  };
}
