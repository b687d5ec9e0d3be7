import { expect, test } from 'vitest';
import { partsOf } from './parts.ts';
import { playPart } from './play.ts';

/** The part that stops, the way over which people hear first, and the message. */
const rows = [
  ['Lambda::Function certkeep-check', 'watch', 'DeadLetters'],
  ['Lambda::Function certkeep-alert', 'watch', 'DeadLetters'],
  ['Lambda::EventSourceMapping IssueSource', 'watch', 'QueueOld-issue'],
  ['the schedule of check', 'heartbeat', 'no heartbeat for an hour'],
  ['the rule that starts alert', 'watch', 'AlertSilent'],
  ['the subscription to alerts', 'watch', 'AlertSilent'],
  ['SNS::Topic certkeep-watch', 'alerts', 'CheckIncomplete'],
  ['the actions of all alarms', 'alerts', 'AlarmOff'],
  ['the secret of a certificate', 'alerts', 'KeyStoreUnreadable'],
  ['certkeep-us-east-1-alert TellPeople', 'watch', 'DeadLetters'],
  ['the listener of a certificate', 'alerts', 'ListenerNotFound'],
  ['the whole home stack', 'heartbeat', 'no heartbeat for an hour'],
] as const;

test.each(rows)(
  'when %s stops, people hear in time, over %s',
  async (name, way, what) => {
    const row = await playPart((stage) => {
      const part = partsOf(stage).find((each) => each.name === name);
      if (!part) throw new Error(`there is no part ${name}`);
      return part;
    });
    expect(row).toMatchObject({ verdict: 'told' });
    expect(row.heard[0]).toMatchObject({ way, what: expect.stringContaining(what) });
  },
  180_000,
);
