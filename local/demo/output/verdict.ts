import { listText } from '#shared/finish/alert/wording.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import type { CertificateReport } from '../report.ts';
import type { Played } from '../run.ts';

const longestCause = 600;

/** What failed with its cause, and in the last line the verdict, which names it too. */
export function verdict({ certificates, gaveUpAfterMs, ok }: Played, durationMs: number): string {
  const took = secondsText(durationMs);
  if (ok) return `Every endpoint serves what the ledger says (${took}).`;
  const failed = certificates.filter(({ served }) => !served);
  const ids = failed.map(({ id }) => id);
  const gaveUp =
    gaveUpAfterMs === null
      ? []
      : [`Gave up: for ${secondsText(gaveUpAfterMs)} nothing more has come of ${listText(ids)}.`];
  const named = listText(ids);
  return [
    ...failed.map((each) => `  ${each.id}: ${causeOf(each)}`),
    '',
    ...gaveUp,
    `Not every endpoint serves what the ledger says (${took}): ${named}.`,
  ].join('\n');
}

function causeOf({ failure, newSerial, targets }: CertificateReport): string {
  if (failure) return `${failure.error}: ${oneLine(failure.message, longestCause)}`;
  if (newSerial === null) return 'there is no certificate yet';
  const without = targets
    .filter(({ served }) => !served)
    .map(({ name, port }) => `${name}:${port}`);
  return without.length > 0 ? `not served by ${listText(without)}` : 'it is not settled';
}

function secondsText(ms: number): string {
  const seconds = ms / 1_000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} minutes`;
}
