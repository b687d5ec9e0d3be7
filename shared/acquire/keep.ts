import { errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';

/** Work whose failure must not take the place of what it is about: what is known of CAs is worth less. */
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
