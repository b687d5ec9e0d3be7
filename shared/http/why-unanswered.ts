import { errorMessage, errorName } from '#shared/errors.ts';

/** Why no answer came, for people: fetch hides it behind `fetch failed`. */
export function whyUnanswered(error: unknown): string {
  if (errorName(error) === 'TimeoutError') return 'no answer in time';
  const inner = error instanceof Error ? error.cause : undefined;
  return inner instanceof Error ? whyUnanswered(inner) : errorMessage(error);
}
