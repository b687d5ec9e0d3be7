import { errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';

/** Runs work whose failure must not hide the result that it records: knowledge about CAs is worth less. */
export async function keepIfPossible<Result>(
  { log, certificate }: { readonly log: Log; readonly certificate: { readonly id: string } },
  what: string,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    log.warn(`${what} could not be kept`, {
      stage: 'issue',
      certificate: certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    return null;
  }
}
