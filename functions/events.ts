import * as z from 'zod';
import { eventSchema } from '#shared/ledger/record.ts';

/** A message of a work queue, one per run, as SQS wraps it. */
function queueMessage<Shape extends z.ZodRawShape>(shape: Shape) {
  const record = z.object({
    body: z
      .string()
      .transform((text) => JSON.parse(text))
      .pipe(z.object(shape)),
  });
  return z.object({ Records: z.tuple([record]) }).transform(({ Records: [only] }) => only.body);
}

export const certificateMessage = queueMessage({ certificate: z.string() });

export const placeMessage = queueMessage({ certificate: z.string(), place: z.string() });

const named = { certificates: z.array(z.string()).min(1), reason: z.string().min(1) };

/** The schedule sends nothing; a person names certificates that are to be issued again, or tried again, now. */
export const checkEvent = z.union([
  z.strictObject({}),
  z.strictObject({ ...named, force: z.literal(true) }),
  z.strictObject({ ...named, retry: z.literal(true) }),
]);

/** Verify's own schedule, or a message. */
export const verifyEvent = z.union([
  z.strictObject({ sweep: z.literal(true) }),
  certificateMessage,
]);

/** An event of certkeep's own bus. */
export const busEvent = z.object({ detail: eventSchema }).transform(({ detail }) => detail);
