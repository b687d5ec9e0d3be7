import * as z from 'zod/mini';
import type { ObjectStore } from '#shared/aws/object-store.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type Breaker, closed } from './breaker.ts';

export type IssuerBook = {
  read(issuer: string): Promise<Breaker>;
  /**
   * Compare-and-swap, again when somebody else was first. An answer that got lost may count a fault twice.
   * @throws CertkeepError LedgerConflict after repeated defeat
   */
  update(issuer: string, change: (breaker: Breaker) => Breaker): Promise<Breaker>;
};

const instant = z.iso.datetime();
const schema = z.object({
  /** Another CA under the same name begins anew. */
  directory: z.string(),
  faults: z.int(),
  trips: z.int(),
  openUntil: z.nullable(instant),
  probe: z.nullable(z.object({ attempt: z.string(), until: instant })),
});

const maxTries = 10;

/** `issuers/<name>.json`, beside the records. */
export function s3IssuerBook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  directoryOf: (issuer: string) => string,
): IssuerBook {
  async function load(issuer: string) {
    const stored = await objects.get(keyOf(issuer));
    if (!stored) return { breaker: closed, etag: null };
    const read = schema.safeParse(json(Buffer.from(stored.body).toString())).data;
    // What cannot be read is written anew: it is worth less than a renewal.
    if (read?.directory !== directoryOf(issuer)) return { breaker: closed, etag: stored.etag };
    const { directory: _directory, ...breaker } = read;
    return { breaker, etag: stored.etag };
  }

  return {
    read: async (issuer) => (await load(issuer)).breaker,
    async update(issuer, change) {
      for (let tries = 0; tries < maxTries; tries += 1) {
        const { breaker, etag } = await load(issuer);
        const changed = change(breaker);
        if (changed === breaker) return breaker;
        const body = JSON.stringify({ directory: directoryOf(issuer), ...changed });
        const written = await objects.putIf(keyOf(issuer), body, etag);
        if (written.outcome === 'written') return changed;
      }
      throw new CertkeepError('LedgerConflict', `${keyOf(issuer)}: others wrote first every time`);
    },
  };
}

function keyOf(issuer: string): string {
  return `issuers/${issuer}.json`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
