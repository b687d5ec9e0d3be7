import type { Attempt } from './attempt.ts';
import { byCall } from './by-call.ts';
import { byObject, byRecord } from './by-record.ts';

/** Sorted as on the page. */
export const attempts: readonly Attempt[] = [...byRecord, ...byObject, ...byCall];
