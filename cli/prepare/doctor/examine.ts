import { eachOf } from '#shared/each.ts';
import { type Check, type Finding, marks, type Question, type Subject } from './check.ts';
import { notKnown } from './not-known.ts';

export type Examined = { readonly title: string; readonly findings: readonly Finding[] };

export type Progress = (done: number, of: number, title: string) => void;

/** So many questions are under way at once: few enough for the request rates of AWS, which others use too. */
const atOnce = 8;

/** Asks every question of every check. None of them stops another one. */
export async function examine(
  checks: readonly Check[],
  subject: Subject,
  progress: Progress = () => undefined,
): Promise<readonly Examined[]> {
  const asked = checks.flatMap((check) =>
    check.questions(subject).map((question) => ({ check, question })),
  );
  const found = new Map<Question, readonly Finding[]>();
  await eachOf(
    asked,
    { concurrency: atOnce, failure: 'questions failed' },
    async ({ check, question }) => {
      progress(found.size, asked.length, check.title);
      found.set(question, await answered(check, question, subject));
    },
  );
  return checks.map((check) => ({
    title: check.title,
    findings: asked
      .filter((each) => each.check === check)
      .flatMap(({ question }) => found.get(question) ?? [])
      .toSorted((one, other) => marks.indexOf(one.mark) - marks.indexOf(other.mark)),
  }));
}

async function answered(
  check: Check,
  question: Question,
  subject: Subject,
): Promise<readonly Finding[]> {
  try {
    return await question.ask();
  } catch (error) {
    return [notKnown(error, question, check, subject)];
  }
}
