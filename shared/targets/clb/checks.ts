import type { PluginCheck } from '#shared/schema/plugin-check.ts';

type Classic = {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly store?: 'acm' | 'iam' | undefined;
};

/** "Server certificates stored in IAM" of an account (reference_iam-quotas.html). */
const usualQuota = 20;

/** A renewal is there beside the version that it replaces, for days. */
const atARenewal = 2;

/** All regions of an account share the quota, and each region has certificates of its own. */
export const serverCertificatesFit: PluginCheck<Classic> = (own, { account: home, region }) => {
  const held = new Map<string, Set<string>>();
  for (const { path, value } of own) {
    if (value.store !== 'iam') continue;
    const account = value.account ?? home ?? '';
    const [, certificate] = path;
    const one = `${certificate} ${value.region ?? region}`;
    held.set(account, (held.get(account) ?? new Set()).add(one));
  }
  return [...held]
    .map(([account, { size }]) => ({ account, needed: size * atARenewal }))
    .filter(({ needed }) => needed > usualQuota)
    .map(({ account, needed }) => ({
      path: ['certificates'],
      value: account,
      message: `needs ${needed} server certificates of IAM at a renewal of all, but an account has ${usualQuota} unless its quota is higher`,
      fix: 'Ask Service Quotas for more "Server certificates per account", or put names together into fewer certificates.',
    }));
};
