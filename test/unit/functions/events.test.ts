import { expect, test } from 'vitest';
import { certificateMessage, placeMessage, verifyEvent } from '#functions/events.ts';

const deploy = { kind: 'deploy', certificate: 'shop', place: '123456789012/us-east-1' };
const message = (work: object) => ({ Records: [{ body: JSON.stringify(work) }] });

test('work comes as a message of a queue, or as the bare body of one', () => {
  const { certificate, place } = deploy;
  expect(placeMessage.parse(message(deploy))).toEqual({ certificate, place, isQueued: true });
  expect(placeMessage.parse(deploy)).toEqual({ certificate, place, isQueued: false });
  const issue = { kind: 'issue', certificate: 'shop' };
  expect(certificateMessage.parse(message(issue))).toEqual({ certificate, isQueued: true });
  expect(certificateMessage.parse(issue)).toEqual({ certificate, isQueued: false });
  expect(verifyEvent.parse({ kind: 'verify', certificate })).toMatchObject({ certificate });
  expect(verifyEvent.parse({ sweep: true })).toEqual({ sweep: true });
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
