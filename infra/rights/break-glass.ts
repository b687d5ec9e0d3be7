import type { Config } from '#shared/config/config.ts';
import { arnsIn } from '../arns.ts';

/** The ARN of the role that people assume in an emergency; a list, since there may be none. */
export function breakGlassArns({ breakGlassRole, home }: Config): readonly string[] {
  if (breakGlassRole === undefined) return [];
  return [breakGlassRole.startsWith('arn:') ? breakGlassRole : arnsIn(home).role(breakGlassRole)];
}
