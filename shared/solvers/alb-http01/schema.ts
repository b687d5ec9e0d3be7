import * as z from 'zod';
import { hints } from '#shared/schema/hints.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { listenerProblem } from './listener-arn.ts';

const listener = z
  .string()
  .superRefine((written, context) => {
    const problem = listenerProblem(written);
    if (!problem) return;
    const { message, fix } = problem;
    context.addIssue({ code: 'custom', message, params: { fix } });
  })
  .register(hints, {
    fix: 'Write the ARN of the HTTP listener: arn:aws:elasticloadbalancing:…:listener/app/….',
  })
  .describe(
    'The ARN of the HTTP listener that answers for the names on port 80; it also says the region and the account.',
  );

export const albHttp01Schema = z.strictObject({
  type: z.literal('alb-http01'),
  listener,
  rule: z
    .enum(['temporary', 'permanent'])
    .default('temporary')
    .describe(
      'With `permanent`, the installation creates one rule for all tokens, at a listener of its own account and region.',
    ),
  priority: z
    .int()
    .min(1)
    .max(50_000)
    .exactOptional()
    .describe(
      'The priority of the permanent rule, which needs one. It must be free, and before rules that match every request.',
    ),
});

export type AlbHttp01Config = ConfiguredBy<typeof albHttp01Schema>;
