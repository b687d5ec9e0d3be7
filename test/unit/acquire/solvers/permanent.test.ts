import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { permanentSolver } from '#shared/solvers/alb-http01/permanent.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fakeRules } from '#test/support/fake-rules.ts';

const token = 'a-token-of-22-letters_';
const name = 'www.example.com';
const ours = { name, value: `${token}.ours` };
const theirs = { name, value: `${token}.theirs` };
const key = `challenges/http-01/${token}/${name}`;
const former = `challenges/http-01/${token}`;

function lab() {
  const objects = fakeObjectStore();
  const solver = permanentSolver({
    listener: 'listener',
    client: fakeRules().client,
    objects,
    get: async () => ({ status: 404, body: '' }),
    clock: virtualClock(),
  });
  return { objects, solver, keys: () => [...objects.objects.keys()] };
}

test('one token at two hosts is two objects, each for its host', async () => {
  const { keys, solver } = lab();
  await solver.publish('listener', [ours, { ...ours, name: 'example.com' }]);
  await solver.publish('listener', [ours]);
  expect(keys()).toEqual([key, `challenges/http-01/${token}/example.com`]);
  await solver.remove('listener', [ours]);
  expect(keys()).toEqual([`challenges/http-01/${token}/example.com`]);
});

test('a token that a CA issues again for another account is neither overwritten nor removed', async () => {
  const { objects, solver } = lab();
  await solver.publish('listener', [ours]);
  await expect(solver.publish('listener', [theirs])).rejects.toMatchObject({
    name: 'ChallengeTokenTaken',
    message: expect.stringContaining(name),
  });
  await solver.remove('listener', [theirs]);
  expect(objects.objects.get(key)).toBe(ours.value);
});

test('a write with a lost answer counts; a value that a rival removes meanwhile is written again', async () => {
  const { objects, solver, keys } = lab();
  objects.loseNextAnswer();
  await solver.publish('listener', [ours]);
  expect(keys()).toEqual([key]);
  objects.loseNextAnswer(() => objects.remove(key));
  await solver.remove('listener', [ours]);
  await solver.publish('listener', [ours]);
  expect(keys()).toEqual([key]);
});

test('a token that the function would not read is refused before anything is written', async () => {
  const { solver, keys } = lab();
  const short = { name, value: `${token.slice(1)}.ours` };
  await expect(solver.publish('listener', [short])).rejects.toMatchObject({
    name: 'IssuerAnswerInvalid',
  });
  expect(keys()).toEqual([]);
});

test('an answer stored by an earlier version is removed too', async () => {
  const { objects, solver, keys } = lab();
  await objects.put(former, ours.value, 'text/plain');
  await solver.remove('listener', [ours]);
  expect(keys()).toEqual([]);
});
