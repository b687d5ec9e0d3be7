import * as z from 'zod/mini';

/*
 * The words between verify (or deploy) and the function that asks from inside of a network. Certificates travel once each,
 * since most addresses show the same one.
 */

/** The most questions of one request. */
export const mostQuestions = 25;
/** A load balancer has eight addresses in DNS at most; a host of the user may have more. */
export const mostAddresses = 16;
/** The largest certificate that is passed on, in bytes of DER: one of a hundred long names has a quarter of it. */
export const largestCertificateBytes = 16_384;
/** The most certificates of one answer. */
const mostCertificates = 64;
/** The largest answer that is read at all: every address of every question, and some certificates of the largest size. */
export const largestAnswerBytes = 1_048_576;

const base64Letters = Math.ceil(largestCertificateBytes / 3) * 4;

/** Chosen for each question, so that no answer counts for another one. */
const nonce = z.string().check(z.regex(/^[\w-]{16,64}$/));
const name = z.string().check(z.minLength(1), z.maxLength(253));
const address = z.string().check(z.maxLength(45));
const line = z.string().check(z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{0,200}$/u));

export const insideRequest = z.strictObject({
  questions: z
    .array(
      z.strictObject({
        nonce,
        host: name,
        port: z.int().check(z.minimum(1), z.maximum(65_535)),
        servername: name,
        family: z.nullable(z.enum(['ecdsa', 'rsa'])),
        addresses: z.optional(z.array(address).check(z.maxLength(mostAddresses))),
      }),
    )
    .check(z.maxLength(mostQuestions)),
});

export type InsideRequest = z.output<typeof insideRequest>;
export type InsideQuestion = InsideRequest['questions'][number];

const shown = z.union([
  z.strictObject({
    address,
    outcome: z.literal('shown'),
    /** Its position in the list of certificates. */
    certificate: z.int().check(z.minimum(0), z.maximum(mostCertificates - 1)),
  }),
  z.strictObject({
    address: name,
    outcome: z.literal('silent'),
    detail: line,
    refused: z.optional(z.literal(true)),
  }),
]);

export const insideAnswer = z.strictObject({
  /** DER in base64. */
  certificates: z
    .array(z.string().check(z.maxLength(base64Letters), z.regex(/^[A-Za-z0-9+/]+={0,2}$/)))
    .check(z.maxLength(mostCertificates)),
  answers: z
    .array(z.strictObject({ nonce, shown: z.array(shown).check(z.maxLength(mostAddresses)) }))
    .check(z.maxLength(mostQuestions)),
});

export type InsideAnswer = z.output<typeof insideAnswer>;
