import type { Setting } from '../setting.ts';

/** Lets a renewal begin now, as if it were due. */
export async function renew(
  { dispatcher }: Setting,
  certificates: readonly string[],
): Promise<void> {
  await dispatcher.invoke('check:force', { certificates, reason: 'the renewal is due' });
}
