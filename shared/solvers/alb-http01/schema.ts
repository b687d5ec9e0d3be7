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
    'The ARN of the HTTP listener that the names are answered by on port 80; it also says the region and the account.',
  );

export const albHttp01Schema = z.strictObject({
  type: z.literal('alb-http01'),
  listener,
  rule: z
    .enum(['temporary', 'permanent'])
    .default('temporary')
    .describe(
      'With `permanent`, one rule for all tokens comes with the installation, for a listener of its own account and region.',
    ),
  priority: z
    .int()
    .min(1)
    .max(50_000)
    .exactOptional()
    .describe(
      'Of the permanent rule, which needs one: free, and before those that take everything.',
    ),
});

export type AlbHttp01Config = ConfiguredBy<typeof albHttp01Schema>;
