import * as module from '@aws-sdk/client-ssm';
import type { Clock } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { listCommandInvocations, listCommands, sendCommand } from './commands.ts';
import { createDocument } from './documents.ts';
import { canonical } from './names.ts';
import { deleteParameter, getParameter } from './parameters.ts';
import { putParameter } from './put-parameter.ts';
import { type Host, keyOf, type SsmState } from './state.ts';
import { addTagsToResource, listTagsForResource } from './tags.ts';

export type Ssm = {
  readonly operations: Operations;
  /** The present value of a parameter, without a request; null where there is none. */
  valueOf(name: string, place: Place): string | null;
  /** From now on Run Command reaches it. */
  addHost(host: Host): void;
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
  /** `heard` is called after each change of a value, as the event "Parameter Store Change" tells. */
  onPut(heard: Heard): void;
};

type Heard = (name: string, value: string, place: Place) => Promise<void>;

export type SsmOptions = {
  readonly clock: Clock;
  /** 10,000 by default. */
  readonly maxParameters?: number;
};

/** Systems Manager: standard parameters that are not secret, and Run Command with documents and hosts of the user's. */
export function ssm({ clock, maxParameters = 10_000 }: SsmOptions): Ssm {
  const listeners: Heard[] = [];
  const state: SsmState = {
    clock,
    maxParameters,
    parameters: new Map(),
    documents: new Map(),
    hosts: new Map(),
    commands: [],
  };
  return {
    operations: {
      PutParameter: (input, call) => {
        const put = putParameter(state, input, call);
        for (const heard of listeners) void heard(input.Name ?? '', input.Value ?? '', call);
        return put;
      },
      GetParameter: (input, call) => getParameter(state, input, call),
      AddTagsToResource: (input, call) => addTagsToResource(state, input, call),
      ListTagsForResource: (input, call) => listTagsForResource(state, input, call),
      DeleteParameter: (input, call) => deleteParameter(state, input, call),
      CreateDocument: (input, call) => createDocument(state, input, call),
      SendCommand: (input, call) => sendCommand(state, input, call),
      ListCommands: (input, call) => listCommands(state, input, call),
      ListCommandInvocations: (input, call) => listCommandInvocations(state, input, call),
    },
    addHost: (host) => void state.hosts.set(keyOf(host.id, host), host),
    valueOf: (name, place) =>
      state.parameters.get(keyOf(canonical(name), place))?.versions.at(-1)?.value ?? null,
    tagsOf: (arn) => taggedAt(state, arn),
    onPut: (heard) => void listeners.push(heard),
  };
}

function taggedAt({ parameters }: SsmState, arn: string): ReadonlyMap<string, string> | null {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  const name = canonical(resource.replace(/^parameter\//, '/'));
  return parameters.get(keyOf(name, { account, region }))?.tags ?? null;
}

export function ssmService(service: Ssm): RunningService {
  return serviceOf('ssm', module, module.SSMClient, service.operations);
}
