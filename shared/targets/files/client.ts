import {
  type Command,
  type CommandFilter,
  InvalidCommandId,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';

type Hosts =
  | { readonly instances: readonly string[] }
  | { readonly tag: { readonly key: string; readonly values: readonly string[] } };

type HostCommand = {
  readonly document: string;
  /** At most 100 characters. */
  readonly comment: string;
  readonly hosts: Hosts;
  readonly parameters: Readonly<Record<string, string>>;
};

export type SentCommand = {
  readonly id: string;
  /** `Success`, `InProgress`, … */
  readonly status: string;
  readonly detail: string;
};

export type HostOutcome = {
  readonly instance: string;
  readonly status: string;
  readonly detail: string;
};

/** Run Command of Systems Manager, in the terms of the target. */
export type CommandClient = {
  /** @throws CertkeepError CommandRefused, HostNotReached, NoHostFound */
  send(command: HostCommand): Promise<string>;
  /** The id of a command of the document with this comment. */
  find(asked: {
    readonly document: string;
    readonly comment: string;
    readonly since: Date;
  }): Promise<string | null>;
  /** Null where there is none; it is kept for 30 days. */
  command(id: string): Promise<SentCommand | null>;
  outcomes(id: string): Promise<readonly HostOutcome[]>;
};

/** A page has so many (API_ListCommands.html), and a command reaches fewer hosts than ten pages have. */
const pageSize = 50;
const mostPages = 40;

export function awsCommandClient(options: ClientOptions): CommandClient {
  const client = new SSMClient(options);
  // A second try of the SDK would send a second command.
  const once = new SSMClient({ ...options, maxAttempts: 1 });
  return {
    send: ({ comment, document, hosts, parameters }) =>
      named('SendCommand', document, async () => {
        const { Command } = await once.send(
          new SendCommandCommand({
            DocumentName: document,
            Comment: comment,
            ...hostsIn(hosts),
            Parameters: Object.fromEntries(
              Object.entries(parameters).map(([name, value]) => [name, [value]]),
            ),
            // Every host tries, whatever becomes of the others.
            MaxErrors: '100%',
            MaxConcurrency: '50',
            TimeoutSeconds: 600,
          }),
        );
        return Command?.CommandId as string;
      }),
    find: ({ comment, document, since }) =>
      named('ListCommands', document, async () => {
        const Filters: CommandFilter[] = [
          { key: 'InvokedAfter', value: `${since.toISOString().slice(0, 19)}Z` },
          // AWS does not say how a document is called in the list that was sent by its ARN.
          ...(document.startsWith('arn:')
            ? []
            : [{ key: 'DocumentName' as const, value: document }]),
        ];
        let NextToken: string | undefined;
        for (let page = 0; page < mostPages; page += 1) {
          const answer = await client.send(
            new ListCommandsCommand({ Filters, MaxResults: pageSize, NextToken }),
          );
          const found = answer.Commands?.find((each) => each.Comment === comment);
          if (found?.CommandId) return found.CommandId;
          NextToken = answer.NextToken;
          if (!NextToken) break;
        }
        return null;
      }),
    command: (id) =>
      named('ListCommands', id, async () => {
        const { Commands = [] } = await client
          .send(new ListCommandsCommand({ CommandId: id }))
          .catch(nothingIfUnknown);
        const [found] = Commands;
        if (!found) return null;
        const { Status = '', StatusDetails = '' } = found;
        return { id, status: Status, detail: cleanText(StatusDetails, 100) };
      }),
    outcomes: (id) =>
      named('ListCommandInvocations', id, async () => {
        const outcomes: HostOutcome[] = [];
        let NextToken: string | undefined;
        for (let page = 0; page < mostPages; page += 1) {
          const answer = await client.send(
            new ListCommandInvocationsCommand({ CommandId: id, MaxResults: pageSize, NextToken }),
          );
          for (const each of answer.CommandInvocations ?? []) {
            const { InstanceId = '', Status = '', StatusDetails = '' } = each;
            outcomes.push({
              instance: InstanceId,
              status: Status,
              detail: cleanText(StatusDetails, 100),
            });
          }
          NextToken = answer.NextToken;
          if (!NextToken) break;
        }
        return outcomes;
      }),
  };
}

function nothingIfUnknown(error: unknown): { readonly Commands?: readonly Command[] } {
  if (error instanceof InvalidCommandId) return {};
  throw error;
}

function hostsIn(hosts: Hosts) {
  if ('instances' in hosts) return { InstanceIds: [...hosts.instances] };
  const { key, values } = hosts.tag;
  return { Targets: [{ Key: `tag:${key}`, Values: [...values] }] };
}

const named = serviceCalls({
  service: 'SSM',
  stage: 'rebind',
  known: {
    // "Not running, or SSM Agent is not running, or … is not registered" (API_SendCommand.html).
    InvalidInstanceId: 'HostNotReached',
    DuplicateInstanceId: 'CommandRefused',
    InvalidDocument: 'CommandRefused',
    InvalidDocumentVersion: 'CommandRefused',
    InvalidParameters: 'CommandRefused',
    MaxDocumentSizeExceeded: 'CommandRefused',
    UnsupportedPlatformType: 'CommandRefused',
  },
});
