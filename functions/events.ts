import * as z from 'zod/mini';
import { eventSchema } from '#shared/ledger/record/record.ts';
import { mostInMessage } from '#shared/limits.ts';
import type { Delivery } from '#shared/queues/carry.ts';

const json = z.pipe(
  z.string(),
  z.transform((text) => JSON.parse(text)),
);

/**
 * Work as a message of a queue, one per run, as SQS wraps it; or as the bare body of one, from a caller that starts the
 * function directly.
 */
function workEvent<Shape extends z.core.$ZodShape>(shape: Shape) {
  const body = z.object(shape);
  const record = z.object({ body: z.pipe(json, body), attributes: z.optional(attributes) });
  return z.union([
    z.pipe(
      z.object({ Records: z.tuple([record]) }),
      z.transform(({ Records: [{ attributes, body }] }) => ({
        ...body,
        isQueued: true,
        receives: attributes?.ApproximateReceiveCount ?? 1,
      })),
    ),
    z.pipe(
      body,
      z.transform((work) => ({ ...work, isQueued: false, receives: 1 })),
    ),
  ]);
}

/** How often the message was received, this time included. */
const attributes = z.object({ ApproximateReceiveCount: z.optional(z.coerce.number()) });

const certificates = {
  certificate: z.string(),
  also: z._default(z.array(z.string()).check(z.maxLength(mostInMessage - 1)), []),
  died: z.optional(z.literal(true)),
};

/** One certificate, and others for which the same run does the same. */
export const certificateMessage = workEvent(certificates);

const line = z.string().check(z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u));

/** A person's request about an account at a CA; the alias says which one. */
const accountEvent = z.strictObject({
  issuer: z.string().check(z.maxLength(64)),
  id: z.string().check(z.regex(/^[\w-]{8,64}$/)),
  reason: line,
  by: z.optional(line),
});

export const issueEvent = z.union([certificateMessage, accountEvent]);

export type IssueEvent = z.output<typeof issueEvent>;

export type CertificateDelivery = z.output<typeof certificateMessage>;

/** Returns the message of a run of this kind, which names certificates alone. */
export function deliveryOf(
  kind: 'issue' | 'verify',
  { also, certificate, died, isQueued, receives }: CertificateDelivery,
): Delivery {
  return { message: { kind, certificate, also, ...(died && { died }) }, isQueued, receives };
}

/** A place whose listeners are to be looked at. */
const lookMessage = workEvent({ kind: z.literal('look'), place: z.string() });

/** Certificates to deploy to a place, or a place whose rights are to be proven. */
export const placeMessage = z.union([
  workEvent({
    kind: z.literal('prove'),
    place: z.string(),
    again: z.optional(z.literal(true)),
  }),
  workEvent({ ...certificates, place: z.string() }),
]);

/**
 * The schedule sends nothing. A person's payload is read together with the configuration (shared/check/request.ts), so that
 * a mistake is answered and fails no run.
 */
export const checkEvent = z.unknown();

/** Verify's own schedule, or a message. */
export const verifyEvent = z.union([
  z.object({ sweep: z.literal(true) }),
  lookMessage,
  certificateMessage,
]);

/** A hint to look, whatever it says. */
export const hintEvent = z.unknown();

/** An event of certkeep's own bus: it carries many ledger events of one type, or one if an earlier version sent it. */
const busEvent = z.pipe(
  z.object({ detail: z.union([z.object({ events: z.array(eventSchema) }), eventSchema]) }),
  z.transform(({ detail }) => ('events' in detail ? detail.events : [detail])),
);

/** Certificates that were issued, or a region that check found behind. An event of the bus names its region, too. */
export const syncEvent = z.union([
  busEvent,
  z.object({ region: z.string(), detail: z.optional(z.never()) }),
]);

/** The part of a load balancer's request that matters here. */
export const balancerRequest = z.object({
  httpMethod: z.string(),
  path: z.string(),
  headers: z.optional(z.object({ host: z.optional(z.string()) })),
});
