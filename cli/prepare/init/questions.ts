import { addressee } from '#shared/config-file/schema.ts';
import { CommandFailed } from '../../failure.ts';
import type { Prompt } from '../../prompt.ts';
import type { Terminal } from '../../terminal.ts';
import { terms } from './decide/config-text.ts';
import { pickedByArns, pickedByNumbers } from './decide/picked.ts';
import type { Candidate } from './decide/survey.ts';

export type Answers = {
  readonly candidates: readonly Candidate[];
  readonly emails: readonly string[];
  readonly hasAgreed: boolean;
};

export type Given = {
  readonly all: boolean;
  readonly pick: readonly string[];
  readonly email: readonly string[];
  readonly agreeToTerms: boolean;
};

/** Takes what the options say, and asks for the rest where somebody can be asked. @throws CommandFailed */
export async function answersTo(
  given: Given,
  all: readonly Candidate[],
  {
    prompt,
    terminal,
  }: { readonly prompt: Prompt | null; readonly terminal: Pick<Terminal, 'print'> },
): Promise<Answers> {
  const candidates = await picked(given, all, { prompt, terminal });
  if (candidates.length === 0) {
    throw new CommandFailed('nothing was picked, and nothing is written', 'npx certkeep init');
  }
  const wrong = given.email.find((each) => !isAddress(each));
  if (wrong !== undefined) {
    throw new CommandFailed(
      `"${wrong}" is not an e-mail address`,
      'npx certkeep init --email ADDRESS',
    );
  }
  const emails =
    given.email.length > 0 || !prompt ? given.email : await askEmails(prompt, terminal);
  const hasAgreed = given.agreeToTerms || (prompt !== null && (await askTerms(prompt)));
  return { candidates, emails, hasAgreed };
}

type Asking = { readonly prompt: Prompt | null; readonly terminal: Pick<Terminal, 'print'> };

async function picked(
  { all: takesAll, pick }: Given,
  all: readonly Candidate[],
  { prompt, terminal }: Asking,
): Promise<readonly Candidate[]> {
  if (takesAll) return all;
  if (pick.length > 0) {
    const found = pickedByArns(pick, all);
    if (found.ok) return found.candidates;
    throw new CommandFailed(found.why, 'npx certkeep init --all');
  }
  if (!prompt) {
    throw new CommandFailed(
      'nobody can be asked here which of them certkeep is to renew: say so with --all, or with --pick and the ARNs of what is in use',
      'npx certkeep init --all',
    );
  }
  for (;;) {
    const answer = await answerOf(
      prompt,
      '\nWhich of them is certkeep to renew (1 3-5, all, none)? ',
    );
    const found = pickedByNumbers(answer, all);
    if (found.ok) return found.candidates;
    terminal.print(found.why);
  }
}

async function askEmails(prompt: Prompt, terminal: Asking['terminal']): Promise<readonly string[]> {
  for (;;) {
    const answer = await answerOf(
      prompt,
      'E-mail addresses that hear of trouble (empty for none yet): ',
    );
    const emails = answer.split(/[\s,]+/).filter((word) => word !== '');
    const wrong = emails.find((each) => !isAddress(each));
    if (wrong === undefined) return emails;
    terminal.print(`"${wrong}" is not an e-mail address.`);
  }
}

async function askTerms(prompt: Prompt): Promise<boolean> {
  const answer = await answerOf(
    prompt,
    `Have you read the terms of Let's Encrypt (${terms}),\nand do you agree (yes, no)? `,
  );
  return answer.trim().toLowerCase() === 'yes';
}

async function answerOf(prompt: Prompt, question: string): Promise<string> {
  const answer = await prompt.ask(question);
  if (answer !== null) return answer;
  throw new CommandFailed('it was ended, and nothing is written', 'npx certkeep init');
}

function isAddress(text: string): boolean {
  return addressee.safeParse(text).success;
}
