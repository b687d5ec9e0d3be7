import { type RevocationCode, revocationCodeNames } from '#shared/revocation-codes.ts';
import { CommandFailed } from '../failure.ts';
import type { Person } from './person.ts';

const exampleReason = 'why, in a few words';

/**
 * Returns the reason, which a person is asked for where it was not given.
 * @throws CommandFailed where nobody gives one; `commandWith` returns the command with a reason
 */
export async function reasonFrom(
  given: string | undefined,
  person: Person,
  commandWith: (reason: string) => string,
): Promise<string> {
  const missing = () =>
    new CommandFailed('Nothing was done: --reason is missing', commandWith(exampleReason));
  if (given !== undefined) {
    if (given.trim() === '') throw missing();
    return given.trim();
  }
  if (!person.isThere) throw missing();
  const answer = (await person.ask('Why? (one line, for those who read its history) '))?.trim();
  if (!answer) throw missing();
  return answer;
}

const codeQuestion = `What is the CA told?
  keyCompromise         others know the key, or may know it
  superseded            another certificate has taken its place
  cessationOfOperation  its names are not in use any more
  unspecified           nothing
Code: `;

/**
 * Returns what the CA is told of a revocation, which a person is asked for where it was not given.
 * @throws CommandFailed where nobody says it; `commandWith` returns the command with a code
 */
export async function codeFrom(
  given: RevocationCode | undefined,
  person: Person,
  commandWith: (code: RevocationCode) => string,
): Promise<RevocationCode> {
  if (given !== undefined) return given;
  const all = revocationCodeNames.join(', ');
  const asked = person.isThere ? await person.ask(codeQuestion) : null;
  const code = revocationCodeNames.find((each) => each === asked?.trim());
  if (code) return code;
  const message = asked?.trim()
    ? `Nothing was done: "${asked.trim()}" is not one of ${all}`
    : `Nothing was done: --code is missing: one of ${all}`;
  throw new CommandFailed(message, commandWith('keyCompromise'));
}

/** @throws CommandFailed where somebody has to be asked whether to go on, and nobody is there */
export function assertCanAsk(person: Person, withYes: string): void {
  if (person.isThere) return;
  const message = 'Nothing was done: nobody can be asked whether to go on, and --yes is missing';
  throw new CommandFailed(message, withYes);
}

/** @throws CommandFailed where the person does not want to go on */
export async function assertGoesOn(person: Person, again: string): Promise<void> {
  const answer = (await person.ask('Go on? [y/N] '))?.trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return;
  throw new CommandFailed('Nothing was done', again);
}
