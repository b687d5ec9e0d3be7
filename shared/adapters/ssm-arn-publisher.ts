import { DeleteParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { parameterCalls, putParameter } from '#shared/aws/put-parameter.ts';
import type { ArnPublisher } from '#shared/deploy/publish/arn-publisher.ts';
import { errorName } from '#shared/errors.ts';

const withdrawing = parameterCalls('ParameterNotWithdrawn');

/** Publishes ARNs as Systems Manager parameters in one place. */
export function ssmArnPublisher(client: SSMClient): ArnPublisher {
  return {
    publish: (name, value) => putParameter(client, name, value),
    withdraw: (Name) =>
      withdrawing('DeleteParameter', Name, async () => {
        await client.send(new DeleteParameterCommand({ Name })).catch((cause: unknown) => {
          if (errorName(cause) !== 'ParameterNotFound') throw cause;
        });
      }),
  };
}
