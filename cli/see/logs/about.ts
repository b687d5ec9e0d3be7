import * as z from 'zod/mini';
import { parseJson } from '#shared/text/json.ts';
import type { LogEvent } from './log-event.ts';

const schema = z.looseObject({
  message: z.optional(z.string()),
  certificate: z.optional(z.string()),
  requestId: z.optional(z.string()),
});

/** A run works on many certificates, and names none where it fails as a whole. */
const runFailed = 'run failed';

/** The filter pattern of CloudWatch Logs for the lines about a certificate, and for runs that have failed. */
export function patternFor(id: string): string {
  return `{ $.certificate = "${id}" || $.message = "${runFailed}" }`;
}

/** The runs that have said something about the certificate. */
export type Runs = Set<string>;

/**
 * Returns the lines about a certificate in the order of their times, with the failures of the runs that worked on it. It
 * adds those runs to `runs`: a run may fail long after its last line.
 */
export function linesAbout(
  id: string,
  events: readonly LogEvent[],
  runs: Runs,
): readonly LogEvent[] {
  const read = events.map((event) => ({ event, ...fieldsOf(event) }));
  for (const { certificate, requestId } of read) {
    if (certificate === id && requestId !== undefined) runs.add(requestId);
  }
  return read
    .filter(
      ({ certificate, message, requestId }) =>
        certificate === id ||
        (certificate === undefined && message === runFailed && runs.has(requestId ?? '')),
    )
    .map(({ event }) => event)
    .toSorted((one, other) => one.atMs - other.atMs);
}

function fieldsOf({ line }: LogEvent): z.infer<typeof schema> {
  return schema.safeParse(parseJson(line)).data ?? {};
}
