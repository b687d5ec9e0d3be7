import { isCertkeepError } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { onlyAfter, type Retries } from '#shared/time/waiting.ts';

/**
 * IAM is eventually consistent, the tags that rights go by included: what is denied may be allowed some seconds later.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export const untilAllowed: Retries = {
  waitsMs: [5 * secondMs],
  patienceMs: 30 * secondMs,
  waitFor: onlyAfter((error) => isCertkeepError(error, 'ServiceDenied')),
};
