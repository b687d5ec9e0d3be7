import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A bus of its own, with a rule that has no target yet. */
async function bus(cloud: CloudUnderTest) {
  const { events } = clientsOf(cloud);
  const EventBusName = uniqueName('bus');
  await events.createEventBus({ Name: EventBusName });
  const EventPattern = JSON.stringify({ source: ['certkeep'], 'detail-type': ['issued'] });
  const { RuleArn } = await events.putRule({ Name: 'issued', EventBusName, EventPattern });
  const Arn = `arn:aws:lambda:${homeRegion}:${cloud.account}:function:gone`;
  const Targets = [{ Id: 'gone', Arn }];
  const putTarget = () => events.putTargets({ Rule: 'issued', EventBusName, Targets });
  const entry: PutEventsRequestEntry = {
    EventBusName,
    Source: 'certkeep',
    DetailType: 'issued',
    Detail: JSON.stringify({ certificate: 'shop' }),
  };
  const put = (...changes: Partial<PutEventsRequestEntry>[]) =>
    events.putEvents({ Entries: changes.map((change) => ({ ...entry, ...change })) });
  const rules = async () => (await events.listRules({ EventBusName })).Rules;
  return { events, EventBusName, RuleArn, EventPattern, Targets, putTarget, put, rules };
}

export const eventbridgeEvents: ScenarioGroup = {
  title: 'EventBridge',
  scenarios: {
    'an event is accepted with an id': async (cloud) => {
      const { put } = await bus(cloud);
      expect(await put({})).toMatchObject({
        FailedEntryCount: 0,
        Entries: [{ EventId: expect.stringMatching(/^[\w-]{36}$/) }],
      });
    },
    'an event is accepted whatever becomes of its targets': async (cloud) => {
      const { put, putTarget } = await bus(cloud);
      await putTarget();
      expect(await put({})).toMatchObject({ FailedEntryCount: 0 });
    },
    'an entry that fails does not fail the others': async (cloud) => {
      const { put } = await bus(cloud);
      const { FailedEntryCount, Entries } = await put({}, { Detail: 'no JSON' }, {});
      expect(FailedEntryCount).toBe(1);
      expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
        undefined,
        'MalformedDetail',
        undefined,
      ]);
    },
    'an entry without a source fails': async (cloud) => {
      const { put } = await bus(cloud);
      const { Entries } = await put({ Source: '' });
      expect(Entries).toMatchObject([{ ErrorCode: 'InvalidArgument' }]);
    },
    'a source that begins with aws. fails': async (cloud) => {
      const { put } = await bus(cloud);
      const { Entries } = await put({ Source: 'aws.acm' });
      expect(Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
    },
    'more than ten entries are refused': async (cloud) => {
      const { put } = await bus(cloud);
      await refused(put(...Array(11).fill({})), 'ValidationException');
    },
    'entries of more than a megabyte are refused': async (cloud) => {
      const { put } = await bus(cloud);
      const Detail = JSON.stringify({ text: 'x'.repeat(1_048_576) });
      await refused(put({ Detail }), 'ValidationException');
    },
    'a rule is described with its pattern, enabled': async (cloud) => {
      const { rules, EventBusName, EventPattern, RuleArn } = await bus(cloud);
      expect(await rules()).toMatchObject([{ Arn: RuleArn, EventPattern, State: 'ENABLED' }]);
      expect(RuleArn?.endsWith(`:rule/${EventBusName}/issued`)).toBe(true);
    },
    'rules and targets are listed': async (cloud) => {
      const { events, rules, EventBusName, Targets, putTarget } = await bus(cloud);
      await putTarget();
      expect(await rules()).toMatchObject([{ Name: 'issued', EventBusName }]);
      const listed = await events.listTargetsByRule({ Rule: 'issued', EventBusName });
      expect(listed.Targets).toMatchObject(Targets);
    },
    'a target may be a topic, with a text of its own': async (cloud) => {
      const { events, EventBusName } = await bus(cloud);
      const Arn = `arn:aws:sns:${homeRegion}:${cloud.account}:gone`;
      const InputTransformer = {
        InputPathsMap: { shop: '$.detail.certificate' },
        InputTemplate: '"<shop> was issued"',
      };
      const Targets = [{ Id: 'people', Arn, InputTransformer }];
      await events.putTargets({ Rule: 'issued', EventBusName, Targets });
      const listed = await events.listTargetsByRule({ Rule: 'issued', EventBusName });
      expect(listed.Targets).toEqual(Targets);
    },
    'a pattern may have alternatives': async (cloud) => {
      const { events, rules, EventBusName } = await bus(cloud);
      const detail = { $or: [{ certificate: ['shop'] }, { name: [{ exists: false }] }] };
      const EventPattern = JSON.stringify({ source: ['certkeep'], detail });
      await events.putRule({ Name: 'issued', EventBusName, EventPattern });
      expect(await rules()).toMatchObject([{ EventPattern }]);
    },
    'a rule put again is replaced': async (cloud) => {
      const { events, rules, EventBusName } = await bus(cloud);
      const EventPattern = JSON.stringify({ source: ['certkeep'] });
      await events.putRule({ Name: 'issued', EventBusName, EventPattern });
      expect(await rules()).toMatchObject([{ EventPattern }]);
    },
    'a pattern that is none is refused': async (cloud) => {
      const { events, EventBusName } = await bus(cloud);
      const broken = { Name: 'broken', EventBusName, EventPattern: '{"source": "certkeep"}' };
      await refused(events.putRule(broken), 'InvalidEventPatternException');
    },
    'a rule on a bus that is not there is refused': async (cloud) => {
      const { events, EventPattern } = await bus(cloud);
      const rule = { Name: 'lost', EventBusName: uniqueName('gone'), EventPattern };
      await refused(events.putRule(rule), 'ResourceNotFoundException');
    },
    'a second bus of a name is refused': async (cloud) => {
      const { events, EventBusName } = await bus(cloud);
      const answer = events.createEventBus({ Name: EventBusName });
      await refused(answer, 'ResourceAlreadyExistsException');
    },
  },
};
