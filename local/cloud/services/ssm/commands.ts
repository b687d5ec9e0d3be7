import { randomUUID } from 'node:crypto';
import type {
  Command,
  ListCommandInvocationsCommandInput,
  ListCommandInvocationsResult,
  ListCommandsCommandInput,
  ListCommandsResult,
  SendCommandCommandInput,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import { addMs, dayMs, secondMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { documentOf, parametersFor, scriptOf } from './documents.ts';
import { invalid } from './names.ts';
import { type Host, type HostOutcome, keyOf, type RunningCommand, type SsmState } from './state.ts';

const longestComment = 100;
const mostHosts = 50;
const mostTargets = 5;
const timeouts = { least: 30, most: 2_592_000 };
/** The history of commands is kept for 30 days (API_ListCommands.html). */
const keptForMs = 30 * dayMs;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export function sendCommand(
  state: SsmState,
  input: SendCommandCommandInput,
  call: Call,
): SendCommandResult {
  supportOnly('SendCommand', input, sendMembers);
  const { Comment = '', DocumentName = '', InstanceIds = [], Targets = [] } = input;
  if (Comment.length > longestComment)
    throw invalid(`Comment: at most ${longestComment} characters.`);
  if (InstanceIds.length > mostHosts) throw invalid(`InstanceIds: at most ${mostHosts}.`);
  if (Targets.length > mostTargets) throw invalid(`Targets: at most ${mostTargets}.`);
  if (Targets.some(({ Values = [] }) => Values.length > mostHosts)) {
    throw invalid(`Values: at most ${mostHosts}.`);
  }
  const { TimeoutSeconds = 3_600 } = input;
  if (TimeoutSeconds < timeouts.least || TimeoutSeconds > timeouts.most) {
    throw invalid(`TimeoutSeconds: from ${timeouts.least} to ${timeouts.most}.`);
  }
  const document = documentOf(state, DocumentName, call);
  const parameters = parametersFor(document, input.Parameters ?? {});
  const script = scriptOf(document, parameters);
  const hosts =
    InstanceIds.length > 0 ? named(state, InstanceIds, call) : tagged(state, Targets, call);
  const command: RunningCommand = {
    ...{ account: call.account, region: call.region, id: randomUUID() },
    ...{ document: DocumentName, comment: Comment, at: state.clock.now() },
    hosts: new Map(hosts.map(({ id }) => [id, null])),
  };
  state.commands.unshift(command);
  const timeoutMs = TimeoutSeconds * 1_000;
  for (const host of hosts)
    void carriedOut(state, host, { command, parameters, script, timeoutMs });
  // Nothing is counted in this answer: the hosts of a tag are looked for later.
  const counted = { TargetCount: 0, CompletedCount: 0, ErrorCount: 0 };
  const pending = { Status: 'Pending', StatusDetails: 'Pending' } as const;
  return { Command: { ...described(state, command), ...pending, ...counted } };
}

/** An agent that is not there when the command comes does not take it later either. */
function carriedOut(
  { clock }: SsmState,
  host: Host,
  given: {
    readonly command: RunningCommand;
    readonly parameters: Readonly<Record<string, string>>;
    readonly script: string;
    readonly timeoutMs: number;
  },
): void {
  const { command, parameters, script, timeoutMs } = given;
  if (!host.isOnline()) {
    const at = addMs(clock.now(), timeoutMs);
    command.hosts.set(host.id, { is: 'Delivery Timed Out', at });
    return;
  }
  // The agent polls.
  const at = addMs(clock.now(), secondMs);
  void host.run({ parameters, script }).then(
    () => command.hosts.set(host.id, { is: 'Success', at }),
    () => command.hosts.set(host.id, { is: 'Failed', at }),
  );
}

/** A command that takes no time of its own is seen in progress all the same. */
function outcomesOf(
  { hosts }: RunningCommand,
  { clock }: SsmState,
): readonly (readonly [host: string, outcome: HostOutcome])[] {
  return [...hosts].map(([id, end]) => [
    id,
    end === null || clock.now() < end.at ? 'InProgress' : end.is,
  ]);
}

/** A stopped host is taken; one that the service does not know is not. */
function named(state: SsmState, ids: readonly string[], call: Call): readonly Host[] {
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'DuplicateInstanceId',
      'You cannot specify an instance ID in more than one association.',
    );
  }
  return ids.map((id) => {
    const host = state.hosts.get(keyOf(id, call));
    if (host) return host;
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${id}]] not in a valid state for account ${call.account}`,
    );
  });
}

/** A tag that nobody has is no error. */
function tagged(
  state: SsmState,
  targets: NonNullable<SendCommandCommandInput['Targets']>,
  call: Call,
): readonly Host[] {
  if (targets.length === 0) throw invalid('InstanceIds or Targets is required.');
  return hostsIn(state, call).filter((host) =>
    targets.every(({ Key = '', Values = [] }) => {
      if (!Key.startsWith('tag:')) throw notImplemented('SendCommand', `the target ${Key}`);
      return Values.includes(host.tags[Key.slice('tag:'.length)] ?? '');
    }),
  );
}

function hostsIn({ hosts }: SsmState, place: Place): readonly Host[] {
  return [...hosts.values()].filter((host) => isIn(host, place));
}

function isIn({ account, region }: Place, place: Place): boolean {
  return account === place.account && region === place.region;
}

/** Newest first. */
export function listCommands(
  state: SsmState,
  input: ListCommandsCommandInput,
  call: Call,
): ListCommandsResult {
  supportOnly('ListCommands', input, ['CommandId', 'Filters', 'MaxResults', 'NextToken']);
  const { CommandId, Filters = [] } = input;
  if (CommandId !== undefined)
    return { Commands: [described(state, commandOf(state, CommandId, call))] };
  const found = keptIn(state, call).filter((command) =>
    Filters.every(({ key, value = '' }) => {
      if (key === 'DocumentName') return command.document === value;
      if (key === 'InvokedAfter') return command.at >= new Date(value);
      throw notImplemented('ListCommands', `the filter ${key}`);
    }),
  );
  const { page, NextToken } = pageOf(found, input);
  return { Commands: page.map((each) => described(state, each)), NextToken };
}

export function listCommandInvocations(
  state: SsmState,
  input: ListCommandInvocationsCommandInput,
  call: Call,
): ListCommandInvocationsResult {
  supportOnly('ListCommandInvocations', input, ['CommandId', 'MaxResults', 'NextToken']);
  const command = commandOf(state, input.CommandId, call);
  const { page, NextToken } = pageOf(outcomesOf(command, state), input);
  const CommandInvocations = page.map(([InstanceId, detail]) => ({
    CommandId: command.id,
    InstanceId,
    Comment: command.comment,
    DocumentName: command.document,
    RequestedDateTime: command.at,
    Status: detail === 'Delivery Timed Out' ? ('TimedOut' as const) : detail,
    StatusDetails: detail,
  }));
  return { CommandInvocations, NextToken };
}

function keptIn({ clock, commands }: SsmState, place: Place): readonly RunningCommand[] {
  const since = clock.now().getTime() - keptForMs;
  return commands.filter((command) => isIn(command, place) && command.at.getTime() > since);
}

function commandOf(state: SsmState, id: string | undefined, place: Place): RunningCommand {
  const found = keptIn(state, place).find((command) => command.id === id);
  if (found) return found;
  throw new AwsError('InvalidCommandId', 'The specified command ID is not valid.');
}

function pageOf<T>(
  all: readonly T[],
  {
    MaxResults = mostHosts,
    NextToken,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
) {
  const from = Number(NextToken ?? 0);
  const next = from + MaxResults;
  return {
    page: all.slice(from, next),
    NextToken: next < all.length ? String(next) : undefined,
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
function described(state: SsmState, command: RunningCommand): Command {
  const { at, comment, document, hosts, id } = command;
  const states = outcomesOf(command, state).map(([, outcome]) => outcome);
  const failed = states.find((each) => each === 'Failed');
  const timedOut = states.find((each) => each === 'Delivery Timed Out');
  const isRunning = states.includes('InProgress');
  const detail = isRunning ? 'InProgress' : (failed ?? timedOut ?? 'Success');
  return {
    CommandId: id,
    Comment: comment,
    DocumentName: document,
    RequestedDateTime: at,
    Status: detail === 'Delivery Timed Out' ? 'TimedOut' : detail,
    StatusDetails: states.length === 0 ? 'No Instances In Tag' : detail,
    TargetCount: hosts.size,
    CompletedCount: states.filter((each) => each !== 'InProgress').length,
    ErrorCount: states.filter((each) => each === 'Failed').length,
  };
}

const sendMembers = [
  'DocumentName',
  'Comment',
  'InstanceIds',
  'Targets',
  'Parameters',
  'MaxErrors',
  'MaxConcurrency',
  'TimeoutSeconds',
] as const;
