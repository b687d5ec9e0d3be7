import { errorMessage, errorName } from '#shared/errors.ts';

/** Tells people why no answer came; fetch hides the reason behind `fetch failed`. */
export function whyUnanswered(error: unknown): string {
  if (errorName(error) === 'TimeoutError') return 'no answer in time';
  const inner = error instanceof Error ? error.cause : undefined;
  return inner instanceof Error ? whyUnanswered(inner) : errorMessage(error);
}
