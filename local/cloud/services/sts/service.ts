import * as module from '@aws-sdk/client-sts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { assumeRole, getCallerIdentity } from './sessions.ts';
import type { StsState } from './state.ts';

export type Sts = { readonly operations: Operations };

export function sts(state: StsState): Sts {
  return {
    operations: {
      GetCallerIdentity: (_, call) => getCallerIdentity(state, call),
      AssumeRole: (input, call) => assumeRole(state, input, call),
    },
  };
}

export function stsService(service: Sts): RunningService {
  return serviceOf('sts', module, module.STSClient, service.operations);
}
