import type { Parameter as Described } from '@aws-sdk/client-ssm';
import type { Call } from '../../wire/service.ts';
import { arnOf, type Wanted } from './names.ts';
import type { Parameter, ParameterVersion } from './state.ts';

export function describedParameter(
  { name, type }: Parameter,
  { version, value, modifiedAt }: ParameterVersion,
  wanted: Wanted,
  call: Call,
): Described {
  return {
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    ...(wanted.version !== null && { Selector: `:${wanted.version}` }),
    LastModifiedDate: modifiedAt,
    ARN: arnOf(name, call),
    DataType: 'text',
  };
}
