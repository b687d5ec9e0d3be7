import { expect, test } from 'vitest';
import { idFor } from '#cli/prepare/init/decide/id-for.ts';
import { pickedByNumbers } from '#cli/prepare/init/decide/picked.ts';
import { surveyOf } from '#cli/prepare/init/decide/survey.ts';
import { answersTo, type Given } from '#cli/prepare/init/questions.ts';
import { foundAccount, foundListener, importedCertificate } from '#test/support/found-account.ts';

const certificates = ['a', 'b', 'c'].map((id) =>
  importedCertificate({ arn: `arn:${id}`, names: [`${id}.example.com`] }),
);
const listeners = [foundListener('web', { list: certificates.map(({ arn }) => arn) })];
const { candidates: all } = surveyOf(foundAccount({ certificates, listeners }));
const nothing: Given = { all: false, pick: [], email: [], agreeToTerms: false };

/** Somebody who answers so, one after the other, and then ends it. */
function answering(given: Partial<Given>, ...answers: readonly string[]) {
  const asked: string[] = [];
  const printed: string[] = [];
  const left = [...answers];
  const prompt = {
    async ask(question: string) {
      asked.push(question);
      return left.shift() ?? null;
    },
  };
  const terminal = { print: (text: string) => void printed.push(text) };
  const done = answersTo({ ...nothing, ...given }, all, { prompt, terminal });
  return { asked, done, printed };
}

const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

test.each([
  ['all', ['a-example-com', 'b-example-com', 'c-example-com']],
  ['none', []],
  ['2', ['b-example-com']],
  ['3 1', ['a-example-com', 'c-example-com']],
  ['1-2,3', ['a-example-com', 'b-example-com', 'c-example-com']],
])('%s picks %j', (answer, picked) => {
  const found = pickedByNumbers(answer, all);
  expect(found.ok && ids(found.candidates)).toEqual(picked);
});

test.each(['', '0', '4', '2-4', '3-1', 'a', '1;2', '1-', '99999999999999999999'])(
  '%j picks nothing, and says why',
  (answer) => {
    expect(pickedByNumbers(answer, all)).toEqual({ ok: false, why: expect.any(String) });
  },
);

test('a person picks, names addresses and agrees; what cannot be is asked again', async () => {
  const { done, printed } = answering({}, '7', '1', 'ops', 'ops@certkeep.dev, on@call.dev', 'yes');
  expect(await done).toMatchObject({
    candidates: [{ id: 'a-example-com' }],
    ...{ emails: ['ops@certkeep.dev', 'on@call.dev'], hasAgreed: true },
  });
  expect(printed).toEqual([
    '"7" is none of the numbers 1 to 3.',
    '"ops" is not an e-mail address.',
  ]);
});

test.each(['', 'y', 'no', 'ok', 'yes, but'])('%j is no agreement', async (answer) => {
  expect((await answering({}, 'all', '', answer).done).hasAgreed).toBe(false);
});

test('what the options say is not asked', async () => {
  const given = { all: true, email: ['ops@certkeep.dev'], agreeToTerms: true };
  const { asked, done } = answering(given);
  expect(ids((await done).candidates)).toHaveLength(3);
  expect(asked).toEqual([]);
});

test.each([
  [{}, []],
  [{}, ['1']],
  [{}, ['1', 'ops@certkeep.dev']],
])('whoever ends it (%j, %j) gets no file', async (given, answers) => {
  await expect(answering(given, ...answers).done).rejects.toMatchObject({
    message: 'it was ended, and nothing is written',
  });
});

test('nothing picked is nothing written', async () => {
  await expect(answering({}, 'none').done).rejects.toMatchObject({ next: 'npx certkeep init' });
});

test('without a terminal nobody has agreed', async () => {
  const terminal = { print: () => undefined };
  const given = { ...nothing, all: true };
  const { emails, hasAgreed } = await answersTo(given, all, { prompt: null, terminal });
  expect({ emails, hasAgreed }).toEqual({ emails: [], hasAgreed: false });
});

test.each([
  ['www.example.com', [], 'www-example-com'],
  ['*.example.com', [], 'wildcard-example-com'],
  ['xn--mnchen-3ya.de', [], 'xn-mnchen-3ya-de'],
  ['www.example.com', ['www-example-com', 'www-example-com-2'], 'www-example-com-3'],
  [`${'a'.repeat(61)}.b.example.com`, [], `${'a'.repeat(61)}-b`],
  [`${'a'.repeat(62)}.example.com`, [`${'a'.repeat(62)}`], `${'a'.repeat(61)}-2`],
])('the id of %s, where %j are taken', (name, taken, id) => {
  expect(idFor(name, new Set(taken))).toBe(id);
});
