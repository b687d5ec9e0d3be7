import * as z from 'zod';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import type { Limit } from '../limits.ts';

const unitsMs = { m: minuteMs, h: hourMs, d: dayMs } as const;
const pattern = /^([1-9]\d{0,6}) per ([1-9]\d{0,3})?([mhd])$/;

/** `300 per 3h`, `50 per 7d`, `5 per h`. */
export function readLimit(written: string): Limit | null {
  const [, count, units = '1', unit] = pattern.exec(written) ?? [];
  if (!unit) return null;
  return { count: Number(count), perMs: Number(units) * unitsMs[unit as keyof typeof unitsMs] };
}

const limit = z.string().transform((written, context) => {
  const read = readLimit(written);
  if (read) return read;
  context.addIssue({
    code: 'custom',
    message: 'is not a limit',
    params: { fix: 'Write a number and a time in minutes, hours or days: 300 per 3h, 50 per 7d.' },
  });
  return z.NEVER;
});

export const limitsSchema = z
  .strictObject({
    orders: limit.exactOptional().describe('Orders of the account: `300 per 3h`.'),
    certificatesPerDomain: limit
      .exactOptional()
      .describe('Certificates for names below one registered domain: `50 per 7d`.'),
    certificatesPerNames: limit
      .exactOptional()
      .describe('Certificates for exactly the same names: `5 per 7d`.'),
    failuresPerName: limit.exactOptional().describe('Failed validations of one name: `5 per 1h`.'),
    sparesRenewals: z
      .boolean()
      .exactOptional()
      .describe('Says that renewals count neither as orders nor as certificates of a domain.'),
  })
  .describe(
    "The rate limits of the CA, if they differ from those that certkeep knows. It knows Let's Encrypt's published limits. certkeep spreads its work so that it hits no limit.",
  );
