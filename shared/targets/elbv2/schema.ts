import * as z from 'zod';
import type { ListenerKind } from './listener-kind.ts';

/** The fields of a target that is a listener with an ARN and an SNI list. */
export function listenerSchema<Type extends ListenerKind['type']>(
  kind: ListenerKind & { readonly type: Type },
) {
  const { form, protocol, title, type } = kind;
  const arn = new RegExp(
    `^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\\d{12}:listener/${form}/[^/\\s]+/[0-9a-f]+/[0-9a-f]+$`,
  );
  return z.strictObject({
    type: z.literal(type),
    listener: z
      .string()
      .regex(arn, `is not the ARN of ${type === 'alb' ? 'an' : 'a'} ${title} listener`)
      .describe(`The ARN of the ${protocol} listener; it also says the region and the account.`),
    certificate: z
      .enum(['default', 'sni', 'both'])
      .default('default')
      .describe('Whether it becomes the default certificate, joins the SNI list, or both.'),
  });
}
