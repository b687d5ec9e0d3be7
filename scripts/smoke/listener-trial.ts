import { randomBytes } from 'node:crypto';
import { makeThrowaway } from '#shared/deploy/rights-proof/throwaway-certificate.ts';
import { errorName } from '#shared/errors.ts';
import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { Account, Listener } from './account.ts';
import { listedTag, listenerTag, previousTag, putBack, smokePrefix, smokeTag } from './left.ts';
import type { Finding } from './step.ts';

type Hands = Pick<
  Account,
  | 'listener'
  | 'setDefault'
  | 'removeListed'
  | 'importCertificate'
  | 'taggedWith'
  | 'deleteCertificate'
>;

/** ELB knows a new certificate, and shows a change, only seconds later. */
const longestLagMs = minuteMs;
const lookEveryMs = 2 * secondMs;

/**
 * Checks that ModifyListener leaves the certificate list unchanged when the default changes, on which certkeep relies. The
 * listener has its own default again afterwards, whatever happens.
 */
export async function tryListener(
  account: Hands,
  { listener: arn, zone }: { readonly listener: string; readonly zone: string },
  clock: Clock,
): Promise<Finding> {
  const before = await account.listener(arn);
  if (!before?.defaultArn) throw new Error(`${arn} has no default certificate any more`);
  const name = `${smokePrefix}${randomBytes(4).toString('hex')}.${zone}`;
  const isListed = before.listed.includes(before.defaultArn);
  const tags = {
    [smokeTag]: 'yes',
    [listenerTag]: arn,
    [previousTag]: before.defaultArn,
    [listedTag]: isListed ? 'yes' : 'no',
  };
  const certificate = await account.importCertificate(makeThrowaway(clock.now(), name), tags);
  let after: Listener;
  try {
    await whenKnown(clock, () => account.setDefault(arn, certificate));
    after = await seen(account, arn, certificate, clock);
  } finally {
    await putBack(account, { arn: certificate, tags });
  }
  const restored = await seen(account, arn, before.defaultArn, clock);
  return judged(before, after, restored, certificate);
}

function judged(before: Listener, after: Listener, restored: Listener, own: string): Finding {
  const was = before.listed.includes(before.defaultArn ?? '') ? 'was' : 'was not';
  const is = after.listed.includes(before.defaultArn ?? '') ? 'is' : 'is not';
  const saw = `the former default ${was} in the list and ${is} after ModifyListener; the list had ${before.listed.length} entries and has ${after.listed.length}`;
  if (!same(before.listed, restored.listed) || restored.defaultArn !== before.defaultArn) {
    const todo = `Put the listener back: its default was ${before.defaultArn}, its list ${before.listed.join(', ') || 'empty'}.`;
    return { result: 'failed', saw: `${saw}; it is not as it was`, todo };
  }
  if (
    same(
      before.listed,
      after.listed.filter((arn) => arn !== own),
    )
  )
    return { result: 'ok', saw };
  const todo =
    'ELB changes the list with the default: report it, and use certificate: sni until then.';
  return { result: 'failed', saw, todo };
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join() === other.toSorted().join();
}

async function whenKnown(clock: Clock, call: () => Promise<void>): Promise<void> {
  const until = addMs(clock.now(), longestLagMs);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!/CertificateNotFound/.test(errorName(error)) || clock.now() >= until) throw error;
      await clock.sleep(lookEveryMs);
    }
  }
}

/** Waits until the listener shows that default; returns its present state after the longest lag. */
async function seen(
  account: Pick<Account, 'listener'>,
  arn: string,
  defaultArn: string,
  clock: Clock,
): Promise<Listener> {
  const until = addMs(clock.now(), longestLagMs);
  for (;;) {
    const listener = await account.listener(arn);
    if (!listener) throw new Error(`${arn} is gone`);
    if (listener.defaultArn === defaultArn || clock.now() >= until) return listener;
    await clock.sleep(lookEveryMs);
  }
}
