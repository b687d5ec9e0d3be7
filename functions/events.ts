import * as z from 'zod/mini';
import { eventSchema } from '#shared/ledger/record.ts';

/** A message of a work queue, one per run, as SQS wraps it. */
function queueMessage<Shape extends z.core.$ZodShape>(shape: Shape) {
  const json = z.pipe(
    z.string(),
    z.transform((text) => JSON.parse(text)),
  );
  const record = z.object({ body: z.pipe(json, z.object(shape)) });
  return z.pipe(
    z.object({ Records: z.tuple([record]) }),
    z.transform(({ Records: [only] }) => only.body),
  );
}

export const certificateMessage = queueMessage({ certificate: z.string() });

const proofMessage = queueMessage({
  kind: z.literal('prove'),
  place: z.string(),
  again: z.optional(z.literal(true)),
});

/** A certificate to deploy to a place, or a place whose rights are to be proven. */
export const placeMessage = z.union([
  proofMessage,
  queueMessage({ certificate: z.string(), place: z.string() }),
]);

const named = {
  certificates: z.array(z.string()).check(z.minLength(1)),
  reason: z.string().check(z.minLength(1)),
};

/**
 * The schedule sends nothing; a person names certificates that are to be issued again, or tried again, now, or
 * asks for the orders of so many days to come.
 */
export const checkEvent = z.union([
  z.strictObject({}),
  z.strictObject({
    ...named,
    force: z.literal(true),
    override: z.optional(z.literal(true)),
  }),
  z.strictObject({ ...named, retry: z.literal(true) }),
  z.strictObject({ plan: z.int().check(z.minimum(1), z.maximum(400)) }),
]);

/** Verify's own schedule, or a message. */
export const verifyEvent = z.union([
  z.strictObject({ sweep: z.literal(true) }),
  certificateMessage,
]);

/** An event of certkeep's own bus. */
export const busEvent = z.pipe(
  z.object({ detail: eventSchema }),
  z.transform(({ detail }) => detail),
);

/** What a load balancer makes of a request, as far as it matters here. */
export const balancerRequest = z.object({ httpMethod: z.string(), path: z.string() });
