import { isOperator } from '../operator.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';

/** Refuses calls for which `admit` has no tokens. The operator's and CloudFormation's calls are not metered. */
export function metered(
  operations: Operations,
  admit: (operation: string, input: unknown, call: Call) => boolean,
): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([operation, behaviour]) => [
      operation,
      (input: unknown, call: Call) => {
        if (isOperator(call.accessKeyId) || admit(operation, input, call)) {
          return behaviour(input, call);
        }
        throw new AwsError('Throttling', 'Rate exceeded');
      },
    ]),
  );
}
