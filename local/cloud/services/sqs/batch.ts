import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../wire/service.ts';

/** Carries out each entry separately, and reports failures beside successes. */
export function inBatch<Entry extends { Id: string | undefined }>(
  entries: readonly Entry[] | undefined,
  carryOut: (entry: Entry) => object,
): { Successful: never[]; Failed: BatchResultErrorEntry[] } {
  const ids = assertEntries(entries ?? []);
  const Successful: object[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const [index, entry] of (entries ?? []).entries()) {
    const Id = ids[index] as string;
    try {
      Successful.push({ Id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id,
        Code: error.code,
        Message: error.message,
        SenderFault: error.status < 500,
      });
    }
  }
  return { Successful: Successful as never[], Failed };
}

function assertEntries(entries: readonly { Id: string | undefined }[]): string[] {
  if (entries.length === 0) {
    throw new AwsError(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => entry.Id ?? '');
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  return ids;
}
