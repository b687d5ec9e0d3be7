import acme from 'acme-client';
import type { BenchClient, BenchTarget } from './client.ts';

/** acme-client's own automatic flow. Its process trusts the CA through NODE_EXTRA_CA_CERTS. */
export function acmeClientAuto({ directoryUrl, pollMs }: BenchTarget): BenchClient {
  let client: Promise<acme.Client> | undefined;

  async function open(): Promise<acme.Client> {
    const accountKey = await acme.crypto.createPrivateEcdsaKey('P-256');
    const backoff =
      pollMs === null ? {} : { backoffMin: pollMs, backoffMax: 4 * pollMs, backoffAttempts: 100 };
    return new acme.Client({ directoryUrl, accountKey, ...backoff });
  }

  return {
    async issue(names) {
      client ??= open();
      const key = await acme.crypto.createPrivateEcdsaKey('P-256');
      const [, csr] = await acme.crypto.createCsr({ altNames: [...names] }, key);
      await (await client).auto({
        csr,
        termsOfServiceAgreed: true,
        challengePriority: ['dns-01'],
        skipChallengeVerification: true,
        challengeCreateFn: async () => undefined,
        challengeRemoveFn: async () => undefined,
      });
    },
  };
}
