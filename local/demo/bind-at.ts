import { arrangementOf } from '#shared/deploy/rebind/arrangement.ts';
import type { Held, Target } from '#shared/targets/target.ts';

/** Binds a certificate to a target, replacing its present one and `superseded`. */
export async function bindAt(
  target: Target,
  arn: string,
  superseded: readonly string[] = [],
): Promise<Held> {
  const { default: standard, list } = await target.look();
  const listener = { position: target.position, default: standard, list };
  const wanted = arrangementOf(listener, arn, superseded);
  return target.arrange(wanted, listener);
}
