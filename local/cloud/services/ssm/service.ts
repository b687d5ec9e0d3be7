import * as module from '@aws-sdk/client-ssm';
import type { Clock } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { canonical } from './names.ts';
import { deleteParameter, getParameter } from './parameters.ts';
import { putParameter } from './put-parameter.ts';
import { keyOf, type SsmState } from './state.ts';

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
  const state: SsmState = { clock, maxParameters, parameters: new Map() };
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

export function ssmService(service: Ssm): RunningService {
  return serviceOf('ssm', module, module.SSMClient, service.operations);
}
