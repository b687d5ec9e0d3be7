import { CertkeepError } from '#shared/errors.ts';
import { certificateSecret } from '#shared/installation.ts';
import type { Place } from '#shared/place.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { probeEndpoint } from '../probe-endpoint.ts';
import type { CommandState, HostPush, Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import type { CommandClient, HostOutcome, SentCommand } from './client.ts';
import type { FilesConfig } from './facts.ts';

export type FilesOptions = {
  readonly config: FilesConfig;
  readonly identity: TargetIdentity;
  readonly installation: string;
  /** The id of the certificate. */
  readonly certificate: string;
  readonly home: Place;
  readonly client: CommandClient;
};

type PushConfig = NonNullable<FilesConfig['push']>;

const pulledWithinMs = 24 * hourMs;
const pushedWithinMs = 30 * minuteMs;

const nothing = { default: null, list: [] } as const;

/** Hosts that fetch what they serve: whatever they hold, only a handshake says what they serve. */
export function filesTarget(options: FilesOptions): Target {
  const { config, identity } = options;
  const { probe, push, withinHours } = config;
  const endpoint = probeEndpoint(probe);
  const usualMs = push ? pushedWithinMs : pulledWithinMs;
  const withinMs = withinHours === undefined ? usualMs : withinHours * hourMs;
  return {
    key: identity.key,
    place: identity.place,
    listener: identity.listener,
    position: 'default',
    fetched: { withinMs, ...(push && { push: hostPush(options, push) }) },
    look: async () => ({
      name: `${endpoint.host}:${endpoint.port}`,
      endpoint,
      kind: 'single',
      ...nothing,
    }),
    readHeld: async () => nothing,
    arrange: () => Promise.reject(notBound(probe)),
    mark: () => Promise.reject(notBound(probe)),
    marks: async () => ({}),
    tags: async () => ({}),
  };
}

/** Deploy asks none of this of a target that is fetched. */
function notBound(probe: string): CertkeepError {
  return new CertkeepError('ListenerRefused', `the hosts at ${probe} fetch what they serve`);
}

function hostPush(
  { certificate, client, home, identity, installation }: FilesOptions,
  { document, instances, parameters, tag }: PushConfig,
): HostPush {
  const { region } = identity.place;
  return {
    // Clocks differ.
    find: (comment, since) => client.find({ document, comment, since: addMs(since, -minuteMs) }),
    send: (comment, version) =>
      client.send({
        comment,
        document,
        hosts: instances ? { instances } : { tag: tag as NonNullable<typeof tag> },
        parameters: {
          ...parameters,
          secret: certificateSecret(installation, certificate),
          version,
          region: home.region,
        },
      }),
    async look(commandId) {
      const command = await client.command(commandId);
      if (command === null) {
        const message = `SSM: there is no command ${commandId} any more`;
        return { is: 'failed', error: new CertkeepError('CommandRefused', message) };
      }
      if (isRunning(command)) return { is: 'running' };
      return stateOf(command, await client.outcomes(commandId), region);
    },
  };
}

/** The states of a command that are not its last (monitor-commands.html). */
function isRunning({ status }: SentCommand): boolean {
  return ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(status);
}

/** The details of a host that got nothing, as against one whose script failed (monitor-commands.html). */
const unreached = ['Undeliverable', 'Delivery Timed Out', 'DeliveryTimedOut', 'Pending'];

/** More are counted. */
const mostNamed = 5;

function stateOf(
  { id, detail, status }: SentCommand,
  hosts: readonly HostOutcome[],
  region: string,
): CommandState {
  // A tag that nobody has is no error of the service.
  if (hosts.length === 0) {
    const message = `SSM: the command ${id} reached no host: ${detail}`;
    return { is: 'failed', error: new CertkeepError('NoHostFound', message) };
  }
  const failed = hosts.filter(({ status }) => status !== 'Success');
  const [first] = failed;
  if (!first) {
    if (status === 'Success') return { is: 'done' };
    // It was ended before it was sent to every host.
    const message = `SSM: the command ${id} did not reach every host: ${detail}`;
    return { is: 'failed', error: new CertkeepError('HostCommandFailed', message) };
  }
  const named = failed.slice(0, mostNamed).map((each) => `${each.instance} ${each.detail}`);
  const more = failed.length > mostNamed ? [`${failed.length - mostNamed} more`] : [];
  const name = failed.every((each) => unreached.includes(each.detail))
    ? 'HostNotReached'
    : 'HostCommandFailed';
  const told = failed.find((each) => !unreached.includes(each.detail)) ?? first;
  const next = `aws ssm get-command-invocation --region ${region} --command-id ${id} --instance-id ${told.instance}`;
  const message = `SSM: ${failed.length} of ${hosts.length} hosts did not fetch it: ${[...named, ...more].join(', ')}: ${next}`;
  return { is: 'failed', error: new CertkeepError(name, message) };
}
