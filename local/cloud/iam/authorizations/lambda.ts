import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { partsOf } from '../../services/lambda/functions.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Reference } from './reference.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambdaReference: Reference = {
  service: 'lambda',
  actions: { Invoke: 'InvokeFunction' },
  resource({ FunctionName = '', Qualifier }: InvokeCommandInput, asker) {
    const { name, qualifier } = partsOf(FunctionName);
    const asked = Qualifier ?? qualifier;
    const named = arnOf('lambda', asker, `function:${name}`);
    const [whole] = /^arn:[^:]*(?::[^:]*){5}/.exec(FunctionName) ?? [named];
    // A function and its aliases are separate resources: a right to one is no right to another.
    return asked ? `${whole}:${asked}` : whole;
  },
};
