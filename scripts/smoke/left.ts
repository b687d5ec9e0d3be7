import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { Account, SmokeCertificate } from './account.ts';

/** This tag marks what the trial creates, so that a later trial finds it. */
export const smokeTag = 'certkeep:smoke';
/** Prefixes the names of everything that carries the tag. */
export const smokePrefix = 'certkeep-smoke-';
/** The certificate gets this tag before the listener changes, so that a later trial can restore it if this one dies. */
export const listenerTag = 'certkeep:smoke-listener';
export const previousTag = 'certkeep:smoke-previous';
/** Says whether the previous default was also in the certificate list: `yes` or `no`. */
export const listedTag = 'certkeep:smoke-listed';

type Hands = Pick<
  Account,
  'taggedWith' | 'listener' | 'setDefault' | 'removeListed' | 'deleteCertificate'
>;

/** ACM learns this late that a listener no longer uses a certificate. */
const longestInUseMs = 3 * minuteMs;
const lookEveryMs = 5 * secondMs;

/**
 * Restores listeners, and deletes everything that this trial, or one that died, has created. Returns the deleted ARNs. It
 * can be repeated from any point, since the certificate with the way back is deleted last.
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

/** Leaves a default alone that somebody else has set since. */
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
