import { withLaterProofs } from '#shared/deploy/verify/later-proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { recordIn, storedParts } from '#shared/ledger/stored-parts.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { noteText } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

type Ports = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Hears of what is in the record and cannot be. */
  readonly terminal: Pick<Terminal, 'complain'>;
};

/**
 * Reads the objects that the functions have written of a certificate, with the proofs that verify keeps beside them. Null
 * where nobody has written anything.
 * @throws CertkeepError CertificateUnknown for what cannot be an id, LedgerUnreadable, WrittenByNewerRelease
 */
export async function readRecord(
  { clock, objects, terminal }: Ports,
  id: string,
): Promise<CertificateRecord | null> {
  const complain = (message: string, { reason }: { readonly reason?: string }) =>
    terminal.complain(noteText(reason ? `${message}: ${reason}` : message));
  const log = { info: complain, warn: complain, error: complain };
  const ports = { objects, clock, log, writer: 'check' } as const;
  const [stored, book] = await Promise.all([
    storedParts(ports, id),
    s3VerifyBook(readOnly(objects)).read(),
  ]);
  if (!stored.exists) return null;
  const proofs = { text: book.proofs[id], since: book.since };
  return withLaterProofs(recordIn(ports, id, stored), proofs, clock.now());
}

function readOnly({ get }: Pick<ObjectStore, 'get'>): Pick<ObjectStore, 'get' | 'putIf'> {
  return {
    get,
    async putIf(key) {
      throw new Error(`the command line writes nothing, and not ${key}`);
    },
  };
}
