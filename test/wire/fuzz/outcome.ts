import { isCertkeepError } from '#shared/errors.ts';

/** `ok` where it returns, the name of the error where it has one of ours. @throws any other error */
export function outcomeOf<Result>(run: () => Result, ok: (result: Result) => string): string {
  try {
    return ok(run());
  } catch (error) {
    return nameOf(error);
  }
}

export async function outcomeOfAsked<Result>(
  run: () => Promise<Result>,
  ok: (result: Result) => string,
): Promise<string> {
  try {
    return ok(await run());
  } catch (error) {
    return nameOf(error);
  }
}

/** A message is for people: one that is longer than this is as bad as none. */
const longestMessage = 4_000;

function nameOf(error: unknown): string {
  if (!isCertkeepError(error)) throw error;
  if (error.message.length > longestMessage) {
    throw new Error(`the message of ${error.name} has ${error.message.length} characters`);
  }
  return error.name;
}
