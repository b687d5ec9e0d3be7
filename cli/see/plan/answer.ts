import * as z from 'zod/mini';
import type { PlanLine } from '#shared/check/forecast.ts';
import { CommandFailed } from '../../failure.ts';

const time = z.iso.datetime();

/** `takes` and `endsAt` are not in the answer of an older release. */
const schema = z.array(
  z.object({
    certificate: z.string(),
    issuer: z.string(),
    reason: z.string(),
    takes: z._default(z.array(z.string()), []),
    endsAt: z._default(z.nullable(time), null),
    wanted: time,
    planned: z.nullable(time),
    waitsFor: z.nullable(z.string()),
    isLate: z.boolean(),
  }),
);

/** Reads the answer of check. @throws CommandFailed */
export function plannedOrders(answer: unknown): readonly PlanLine[] {
  const { data } = schema.safeParse(answer);
  if (data) return data;
  throw new CommandFailed(
    'the answer of check cannot be read: this is not the release that is deployed',
    'npx certkeep --version',
  );
}
