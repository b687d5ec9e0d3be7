import type { Faults } from 'local-cloud/faults.ts';
import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';

type KeyStore = IssuerDeps['keyStore'];

/** A process that dies at one of its calls of the CA or of the key store, before or after the effect. */
export function isMortal(
  faults: Faults,
  keyStore: KeyStore,
  { at, when }: { readonly at: number; readonly when: 'before' | 'after' },
): { readonly keyStore: KeyStore; isDead(): boolean } {
  let calls = 0;
  let isDead = false;

  /** What becomes of the next call. The dead call nobody. */
  function fate(): 'before' | 'after' | null {
    if (isDead) return 'before';
    calls += 1;
    if (calls - 1 !== at) return null;
    isDead = true;
    return when;
  }

  let ofCall: ReturnType<typeof fate> = null;
  const times = Number.POSITIVE_INFINITY;
  faults.add({
    when: () => {
      ofCall = fate();
      return ofCall === 'before';
    },
    fault: { do: 'kill-before' },
    times,
  });
  faults.add({ when: () => ofCall === 'after', fault: { do: 'kill-after' }, times });

  const mortal = Object.fromEntries(
    Object.entries(keyStore).map(([name, call]) => [
      name,
      async (...args: readonly unknown[]) => {
        const found = fate();
        if (found === 'before') throw new Error('killed');
        const answer = await (call as (...args: readonly unknown[]) => Promise<unknown>)(...args);
        if (found === 'after') throw new Error('killed');
        return answer;
      },
    ]),
  ) as KeyStore;
  return { keyStore: mortal, isDead: () => isDead };
}
