import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { addMs, type Clock, hourMs } from '#shared/time/clock.ts';
import { addToList, createListener } from './balancers.ts';
import { importOther } from './certificates.ts';

type Imported = { readonly names: readonly string[]; readonly endsInDays: number };

/** A listener with certificates that somebody imported by hand, and that nobody renews. */
export type ByHand = {
  readonly balancer: string;
  readonly default: Imported;
  readonly list: readonly Imported[];
};

/** Creates them in the home account, beside what the configuration names. */
export async function createByHand(
  given: {
    readonly cloud: Cloud;
    readonly clock: Clock;
    readonly onStep: (step: string) => void;
    readonly region: string;
  },
  made: readonly ByHand[],
): Promise<void> {
  const { clock, region } = given;
  const others = await createCertificateAuthority({ name: 'Somebody Else', now: clock.now() });
  // Whole days are left of it for the first hour.
  const later: Clock = { ...clock, now: () => addMs(clock.now(), hourMs) };
  const builder = { ...given, others, balancers: new Map() };
  const place = { account: homeAccount, region };
  const imported = ({ endsInDays, names }: Imported) =>
    importOther({ ...builder, clock: later }, place, names, 'ecdsa-p256', endsInDays);
  for (const { balancer, default: first, list } of made) {
    const arn = `arn:aws:elasticloadbalancing:${region}:${homeAccount}:listener/app/${balancer}/0/0`;
    const named = { type: 'alb', listener: arn } as const;
    const listener = await createListener(builder, place, named, await imported(first));
    for (const each of list) await addToList(builder, place, listener, await imported(each));
  }
}
