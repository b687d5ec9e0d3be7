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

/** @throws CommandFailed where the person does not want to go on */
export async function assertGoesOn(person: Person, again: string): Promise<void> {
  const answer = (await person.ask('Go on? [y/N] '))?.trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return;
  throw new CommandFailed('Nothing was done', again);
}
