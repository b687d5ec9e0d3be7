import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { failAttempt } from '#shared/acquire/failure/fail.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { LogFields } from '#shared/log.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { attemptOf, configWith, healthy, wanted } from './healthy.ts';

/** What becomes of the record of an attempt that ended with an error. */
export async function failedAttempt(
  error: unknown,
  change: Partial<CertificateRecord> = {},
  { certificate = wanted(), begunAt = null as string | null } = {},
) {
  let record = healthy({
    attempt: attemptOf({ orderUrl: 'https://ca.example/order/1' }),
    ...change,
  });
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const errors: LogFields[] = [];
  const logError = (message: string, fields: LogFields) => {
    log(message);
    errors.push(fields);
  };
  const outcome = await failAttempt(
    {
      mine: heldRecord(async (change) => {
        deadlineSignal()?.throwIfAborted();
        record = change(record);
        return record;
      }),
      issuerBook: s3IssuerBook(fakeObjectStore(), () => 'https://ca.example/directory'),
      config: configWith(),
      clock: virtualClock(),
      log: { info: log, warn: log, error: logError },
      retryDelaysMs: [minuteMs, 10 * minuteMs],
    },
    certificate,
    change.attempt?.id ?? 'a1',
    error,
    begunAt,
  ).catch((thrown: unknown) => thrown);
  return { outcome, record, logged, errors };
}
