import { expect, test } from 'vitest';
import { type Choice, chosenFor } from '#shared/deploy/choice/choice.ts';
import { caseNow } from './case.ts';
import { cases } from './cases.ts';

test.each(cases)('$kind: $title', ({ kind, client, answer, ...held }) => {
  const choice = chosenFor(kind, held, client, caseNow);
  expect(inOneOrder(choice)).toEqual(inOneOrder(answer));
});

/** Why something is not documented is for people, and said in other words here and there. */
function inOneOrder(choice: Choice) {
  return choice.is === 'certificate' ? choice : { is: choice.is, among: choice.among.toSorted() };
}
