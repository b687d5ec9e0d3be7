import * as z from 'zod';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';

const listenerArn =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[^/\s]+\/[0-9a-f]+\/[0-9a-f]+$/;

export const albSchema = z.strictObject({
  type: z.literal('alb'),
  listener: z
    .string()
    .regex(listenerArn, 'is not the ARN of an Application Load Balancer listener')
    .describe('The ARN of the HTTPS listener; it also says the region and the account.'),
  certificate: z
    .enum(['default', 'sni', 'both'])
    .default('default')
    .describe('Whether it becomes the default certificate, joins the SNI list, or both.'),
});

export type AlbConfig = ConfiguredBy<typeof albSchema>;
