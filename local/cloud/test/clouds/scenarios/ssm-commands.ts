import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** As certkeep tells hosts to fetch a certificate: no host has the tag. */
async function documentOn(cloud: CloudUnderTest) {
  const { ssm } = clientsOf(cloud);
  const DocumentName = uniqueName('certkeep-files');
  const Content = JSON.stringify({
    schemaVersion: '2.2',
    parameters: { secret: { type: 'String', allowedPattern: '^[a-z/]+$' } },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'fetch',
        inputs: { runCommand: ["certkeep-files '{{ secret }}'"] },
      },
    ],
  });
  await ssm.createDocument({ Name: DocumentName, DocumentType: 'Command', Content });
  const given = {
    DocumentName,
    Targets: [{ Key: 'tag:Role', Values: ['nobody'] }],
    Parameters: { secret: ['certkeep/shop'] },
  };
  const send = (change: object = {}) => ssm.sendCommand({ ...given, ...change });
  return { ssm, DocumentName, Content, send };
}

export const ssmCommands: ScenarioGroup = {
  title: 'Systems Manager, Run Command',
  scenarios: {
    'a command is pending at first, and has counted no hosts': async (cloud) => {
      const { DocumentName, send } = await documentOn(cloud);
      const { Command } = await send({ Comment: 'certkeep 1' });
      expect(Command).toMatchObject({
        ...{ DocumentName, Comment: 'certkeep 1', Status: 'Pending' },
        ...{ TargetCount: 0, CompletedCount: 0, ErrorCount: 0 },
      });
    },
    'a command is listed by its id, with its comment': async (cloud) => {
      const { send, ssm } = await documentOn(cloud);
      const { Command } = await send({ Comment: 'certkeep 2' });
      const CommandId = Command?.CommandId;
      const { Commands } = await ssm.listCommands({ CommandId });
      expect(Commands).toMatchObject([{ CommandId, Comment: 'certkeep 2' }]);
    },
    'two equal commands are two: nothing makes one of them': async (cloud) => {
      const { send } = await documentOn(cloud);
      const [one, other] = [await send(), await send()];
      expect(one.Command?.CommandId).not.toBe(other.Command?.CommandId);
    },
    'a tag that nobody has is no error, and the command reaches nobody': async (cloud) => {
      const { send, ssm } = await documentOn(cloud);
      const { Command } = await send();
      await cloud.waits.pass(2_000);
      const CommandId = Command?.CommandId;
      const { Commands } = await ssm.listCommands({ CommandId });
      expect(Commands).toMatchObject([{ Status: 'Success', TargetCount: 0 }]);
    },
    'commands are listed by their document': async (cloud) => {
      const [mine, other] = [await documentOn(cloud), await documentOn(cloud)];
      await mine.send({ Comment: 'mine' });
      await other.send({ Comment: 'of another' });
      const Filters = [{ key: 'DocumentName' as const, value: mine.DocumentName }];
      const { Commands } = await mine.ssm.listCommands({ Filters });
      expect(Commands?.map(({ Comment }) => Comment)).toEqual(['mine']);
    },
    'commands are listed since a time, page by page': async (cloud) => {
      const { DocumentName, send, ssm } = await documentOn(cloud);
      await send({ Comment: 'before' });
      await cloud.waits.pass(2_000);
      const value = `${cloud.clock.now().toISOString().slice(0, 19)}Z`;
      await send({ Comment: 'one' });
      await send({ Comment: 'two' });
      const Filters = [
        { key: 'InvokedAfter' as const, value },
        { key: 'DocumentName' as const, value: DocumentName },
      ];
      const first = await ssm.listCommands({ Filters, MaxResults: 1 });
      expect(first.Commands).toHaveLength(1);
      const { NextToken } = first;
      const second = await ssm.listCommands({ Filters, MaxResults: 1, NextToken });
      const comments = [...(first.Commands ?? []), ...(second.Commands ?? [])];
      expect(new Set(comments.map(({ Comment }) => Comment))).toEqual(new Set(['one', 'two']));
    },
    'a command that is not there has an error of its own': async (cloud) => {
      const { ssm } = await documentOn(cloud);
      const CommandId = '01234567-89ab-cdef-0123-456789abcdef';
      await refused(ssm.listCommands({ CommandId }), 'InvalidCommandId');
    },
    'what became of a command is listed by host, and of one that is not there refused': async (
      cloud,
    ) => {
      const { send, ssm } = await documentOn(cloud);
      const CommandId = (await send()).Command?.CommandId;
      expect((await ssm.listCommandInvocations({ CommandId })).CommandInvocations).toEqual([]);
      const asked = { CommandId: '01234567-89ab-cdef-0123-456789abcdef' };
      await refused(ssm.listCommandInvocations(asked), 'InvalidCommandId');
    },
    'another region has commands of its own': async (cloud) => {
      const { send } = await documentOn(cloud);
      const { Command } = await send();
      const { ssm } = clientsOf(cloud, otherRegion);
      await refused(ssm.listCommands({ CommandId: Command?.CommandId }), 'InvalidCommandId');
    },
    'another region has documents of its own': async (cloud) => {
      const { DocumentName } = await documentOn(cloud);
      const { ssm } = clientsOf(cloud, otherRegion);
      const Targets = [{ Key: 'tag:Role', Values: ['nobody'] }];
      await refused(ssm.sendCommand({ DocumentName, Targets }), 'InvalidDocument');
    },
    'a document has one name, and is made once': async (cloud) => {
      const { Content, DocumentName, ssm } = await documentOn(cloud);
      const again = ssm.createDocument({ Name: DocumentName, DocumentType: 'Command', Content });
      await refused(again, 'DocumentAlreadyExists');
    },
    'a document that is not there is not sent': async (cloud) => {
      const { send } = await documentOn(cloud);
      await refused(send({ DocumentName: uniqueName('nothing') }), 'InvalidDocument');
    },
    'a value that does not match the pattern of the document is not sent': async (cloud) => {
      const { send } = await documentOn(cloud);
      await refused(send({ Parameters: { secret: ['$(id)'] } }), 'InvalidParameters');
    },
    'a parameter that the document does not have is not sent': async (cloud) => {
      const { send } = await documentOn(cloud);
      const Parameters = { secret: ['certkeep/shop'], other: ['a'] };
      await refused(send({ Parameters }), 'InvalidParameters');
    },
    'a host that is not managed gets nothing': async (cloud) => {
      const { send } = await documentOn(cloud);
      const InstanceIds = ['i-0123456789abcdef0'];
      await refused(send({ InstanceIds, Targets: undefined }), 'InvalidInstanceId');
    },
  },
};
