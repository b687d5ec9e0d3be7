import * as module from '@aws-sdk/client-ssm';
import type { Clock } from '../clock.ts';
import type { Place } from '../wire/place.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { type RunningService, serviceOf } from '../wire/service-of.ts';
import { supportOnly } from '../wire/supported.ts';
import { arnOf, canonical, type Wanted, wantedBy } from './ssm/names.ts';
import { putParameter } from './ssm/put-parameter.ts';
import { keyOf, type Parameter, type ParametersState, type ParameterVersion } from './ssm/state.ts';

export type Ssm = {
  readonly operations: Operations;
  /** The present value of a parameter, without a request; null where there is none. */
  valueOf(name: string, place: Place): string | null;
};

export type SsmOptions = {
  readonly clock: Clock;
  /** 10,000 by default. */
  readonly maxParameters?: number;
};

/** Parameter Store of Systems Manager: standard parameters that are not secret. */
export function ssm({ clock, maxParameters = 10_000 }: SsmOptions): Ssm {
  const state: ParametersState = { clock, maxParameters, parameters: new Map() };
  return {
    operations: {
      PutParameter: (input, call) => putParameter(state, input, call),
      GetParameter: (input, call) => getParameter(state, input, call),
      DeleteParameter: (input, call) => deleteParameter(state, input, call),
    },
    valueOf: (name, place) =>
      state.parameters.get(keyOf(canonical(name), place))?.versions.at(-1)?.value ?? null,
  };
}

function getParameter(
  state: ParametersState,
  input: module.GetParameterCommandInput,
  call: Call,
): module.GetParameterResult {
  // WithDecryption has no effect on a parameter that is no SecureString.
  supportOnly('GetParameter', input, ['Name', 'WithDecryption']);
  const wanted = wantedBy(input.Name ?? '');
  const parameter = state.parameters.get(keyOf(wanted.name, call));
  if (!parameter) throw notFound();
  const found = versionOf(parameter, wanted);
  if (found) return { Parameter: described(parameter, found, wanted, call) };
  const message = `Systems Manager could not find version ${wanted.version} of ${wanted.name}.`;
  throw new AwsError('ParameterVersionNotFound', message);
}

function deleteParameter(
  state: ParametersState,
  { Name = '' }: module.DeleteParameterCommandInput,
  call: Call,
): module.DeleteParameterResult {
  if (!state.parameters.delete(keyOf(canonical(Name), call))) throw notFound();
  return {};
}

function versionOf({ versions }: Parameter, { version }: Wanted): ParameterVersion | undefined {
  return version === null ? versions.at(-1) : versions.find((each) => each.version === version);
}

function described(
  { name, type }: Parameter,
  { version, value, modifiedAt }: ParameterVersion,
  wanted: Wanted,
  call: Call,
): module.Parameter {
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

function notFound(): AwsError {
  // The service answers without a message.
  return new AwsError('ParameterNotFound', '');
}

export function ssmService(service: Ssm): RunningService {
  return serviceOf('ssm', module, module.SSMClient, service.operations);
}
