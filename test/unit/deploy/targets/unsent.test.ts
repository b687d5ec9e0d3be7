import { expect, test } from 'vitest';
import { unsent } from '#shared/targets/batched.ts';

/** Questions that wait for their turn, and then for their answer. */
function questions() {
  const turn = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  const sent: string[] = [];
  const ask = unsent(async (key: string, send) => {
    await turn.promise;
    send();
    sent.push(key);
    return answer.promise;
  });
  return { ask, answer, sent, turn };
}

const aMoment = () => new Promise((resolve) => setImmediate(resolve));

test('whoever asks before the question is sent shares its answer', async () => {
  const { answer, ask, sent, turn } = questions();
  const all = [ask('a'), ask('a'), ask('b')];
  await aMoment();
  all.push(ask('a'));
  turn.resolve();
  answer.resolve('yes');
  expect(await Promise.all(all)).toEqual(['yes', 'yes', 'yes', 'yes']);
  expect(sent).toEqual(['a', 'b']);
});

test('whoever asks after it is sent has it sent again, since the answer may be of before', async () => {
  const { answer, ask, sent, turn } = questions();
  turn.resolve();
  const first = ask('a');
  await aMoment();
  const second = ask('a');
  await aMoment();
  expect(sent).toEqual(['a', 'a']);
  answer.resolve('yes');
  await Promise.all([first, second]);
});

test('a question that fails before it is sent is asked anew', async () => {
  let tries = 0;
  const ask = unsent(async () => {
    tries += 1;
    throw new Error('no turn');
  });
  await expect(ask('a')).rejects.toThrow('no turn');
  await expect(ask('a')).rejects.toThrow('no turn');
  expect(tries).toBe(2);
});
