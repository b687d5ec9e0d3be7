import { randomUUID } from 'node:crypto';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { PartOf } from '#shared/ledger/parts/part.ts';
import { type Changed, partWith } from '#shared/ledger/parts/split.ts';
import { tellerOf, writerAt } from '#shared/ledger/parts/whole.ts';
import { partKey, type Writer, writers } from '#shared/ledger/parts/writers.ts';
import { type LedgerPorts, s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { recordIn, storedParts } from '#shared/ledger/stored-parts.ts';

/**
 * A ledger with the rights of all functions together: it reads everything, and writes each writer's part of a change, one
 * object after the other. Seeds and tests set up their records with it.
 * @throws Error where somebody else writes at the same time
 */
export function wholeLedger(ports: Omit<LedgerPorts, 'writer'>): Ledger {
  const all = { ...ports, writer: 'check' } as const;
  const { clock, objects } = ports;
  return {
    ...s3Ledger(all),
    async update(id, change) {
      const { parts } = await storedParts(all, id);
      const before = recordIn(all, id, { parts });
      const after = change(before);
      if (after === before) return before;
      const changed = { parts, before, after, writeId: randomUUID(), now: clock.now() };
      for (const writer of writers) {
        const part = partWith(writer, ofWriter(writer, changed));
        if (isSame(part, parts[writer])) continue;
        const key = partKey(writer, id);
        const etag = (await objects.get(key))?.etag ?? null;
        const { outcome } = await objects.putIf(key, JSON.stringify(part), etag);
        if (outcome === 'conflict') throw new Error(`somebody else writes ${key}`);
      }
      return recordIn(all, id, await storedParts(all, id));
    },
  };
}

/** Leaves out the new events and history of other writers. */
function ofWriter(writer: Writer, changed: Changed): Changed {
  const { before, after } = changed;
  const outbox = after.outbox.filter(
    (event) => before.outbox.includes(event) || tellerOf(event) === writer,
  );
  const history = after.history.filter(
    (entry) => before.history.includes(entry) || writerAt(entry.stage) === writer,
  );
  // The other writers' events stay as they were.
  const left = before.outbox.filter((event) => !after.outbox.includes(event));
  const own = left.filter((event) => changed.parts[writer].outbox.includes(event));
  const kept = writer === 'check' ? [] : left.filter((event) => !own.includes(event));
  return { ...changed, after: { ...after, outbox: [...outbox, ...kept], history } };
}

function isSame(one: PartOf[Writer], other: PartOf[Writer]): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf({ writeIds: _, updatedAt: __, ...content }: PartOf[Writer]): string {
  return JSON.stringify(content);
}
