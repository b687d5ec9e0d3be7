import { expect, test } from 'vitest';
import { certificateMessage, placeMessage, verifyEvent } from '#functions/events.ts';

const deploy = { kind: 'deploy', certificate: 'shop', place: '123456789012/us-east-1' };
const message = (work: object) => ({ Records: [{ body: JSON.stringify(work) }] });

test('work comes as a message of a queue, or as the bare body of one', () => {
  const { certificate, place } = deploy;
  const one = { certificate, also: [], receives: 1 };
  expect(placeMessage.parse(message(deploy))).toEqual({ ...one, place, isQueued: true });
  expect(placeMessage.parse(deploy)).toEqual({ ...one, place, isQueued: false });
  const issue = { kind: 'issue', certificate: 'shop' };
  expect(certificateMessage.parse(message(issue))).toEqual({ ...one, isQueued: true });
  expect(certificateMessage.parse(issue)).toEqual({ ...one, isQueued: false });
  expect(verifyEvent.parse({ kind: 'verify', certificate })).toMatchObject({ certificate });
  expect(verifyEvent.parse({ sweep: true })).toEqual({ sweep: true });
});

test('a message may name others besides, and says how often it was received', () => {
  const work = { kind: 'issue', certificate: 'shop', also: ['blog', 'mail'] };
  const [record] = message(work).Records;
  const attributes = { ApproximateReceiveCount: '2', SentTimestamp: '1' };
  expect(certificateMessage.parse({ Records: [{ ...record, attributes }] })).toEqual({
    certificate: 'shop',
    also: ['blog', 'mail'],
    isQueued: true,
    receives: 2,
  });
  const many = { ...work, also: Array.from({ length: 25 }, (_, at) => `c${at}`) };
  expect(certificateMessage.safeParse(many).success).toBe(false);
});

test.each([
  {},
  { certificate: 1 },
  { certificate: 'shop' },
  { Records: [] },
  { Records: [{ body: '{"certificate":"shop"}' }] },
  { Records: [message(deploy).Records[0], message(deploy).Records[0]] },
])('a payload that is no work for a place is refused: %j', (event) => {
  expect(placeMessage.safeParse(event).success).toBe(false);
});
