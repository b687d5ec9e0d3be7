import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { arnOf } from '../../wire/arn.ts';
import { onAll, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambdaTable: Table = {
  Invoke({ FunctionName = '', Qualifier }: InvokeCommandInput, asker) {
    // A name, a partial ARN (`000000000000:function:certkeep-check`) or a whole one.
    const name = FunctionName.replace(/^(?:arn:[\w-]+:lambda:[\w-]+:)?(?:\d{12}:)?function:/, '');
    const qualified = Qualifier && !name.includes(':') ? `${name}:${Qualifier}` : name;
    const named = arnOf('lambda', asker, `function:${qualified}`);
    const resource = FunctionName.startsWith('arn:') ? FunctionName : named;
    return [{ action: 'lambda:InvokeFunction', resource }];
  },
  GetAccountSettings: onAll('lambda:GetAccountSettings'),
  ListFunctions: onAll('lambda:ListFunctions'),
};
