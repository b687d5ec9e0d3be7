import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { Account, SmokeCertificate } from './account.ts';

/** Marks what the trial makes, so that a later one finds it. */
export const smokeTag = 'certkeep:smoke';
/** Begins the names of what carries the tag. */
export const smokePrefix = 'certkeep-smoke-';
/** On the certificate before the listener changes, so that whoever comes after a death can put it back. */
export const listenerTag = 'certkeep:smoke-listener';
export const previousTag = 'certkeep:smoke-previous';
/** Whether the previous default was in the certificate list before: `yes` or `no`. */
export const listedTag = 'certkeep:smoke-listed';

type Hands = Pick<
  Account,
  'taggedWith' | 'listener' | 'setDefault' | 'removeListed' | 'deleteCertificate'
>;

/** ACM learns late that a listener has let go of a certificate. */
const longestInUseMs = 3 * minuteMs;
const lookEveryMs = 5 * secondMs;

/**
 * Puts listeners back and deletes all that this trial, or one that died, has made. Returns the ARNs deleted. Can be repeated
 * from any point, since the certificate that knows the way back goes last.
 * @throws Error where a certificate stays in use
 */
export async function removeLeft(account: Hands, clock: Clock): Promise<readonly string[]> {
  const left = await account.taggedWith(smokeTag, smokePrefix);
  for (const certificate of left) {
    await putBack(account, certificate);
    await deleteUnused(account, certificate.arn, clock);
  }
  return left.map(({ arn }) => arn);
}

/** A default that somebody else has set since is left alone. */
export async function putBack(account: Hands, { arn, tags }: SmokeCertificate): Promise<void> {
  const { [listenerTag]: listenerArn, [previousTag]: previous } = tags;
  if (!listenerArn || !previous) return;
  const listener = await account.listener(listenerArn);
  if (!listener) return;
  if (listener.defaultArn === arn) await account.setDefault(listenerArn, previous);
  const { listed = [] } = (await account.listener(listenerArn)) ?? {};
  if (listed.includes(arn)) await account.removeListed(listenerArn, arn);
  if (tags[listedTag] === 'no' && listed.includes(previous)) {
    await account.removeListed(listenerArn, previous);
  }
}

async function deleteUnused(account: Hands, arn: string, clock: Clock): Promise<void> {
  const until = addMs(clock.now(), longestInUseMs);
  while ((await account.deleteCertificate(arn)) === 'in-use') {
    if (clock.now() >= until) {
      throw new Error(
        `${arn} is still in use: take it off what uses it (aws acm describe-certificate), and run this again`,
      );
    }
    await clock.sleep(lookEveryMs);
  }
}
