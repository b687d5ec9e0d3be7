import { bundled, bundleKey, isOfCertificate } from '#shared/queues/bundle.ts';
import { type Message, type Worker, workerOf } from '#shared/queues/work.ts';
import { type Piece, pieceKey } from './piece.ts';

export type PiecesOfMessage = {
  readonly message: Message;
  readonly why: string;
  readonly pieces: readonly Piece[];
};

/**
 * Puts pieces of the same kind, and for the same place, into messages of at most `sizeOf` certificates, in their order;
 * `count` is how many there are of the kind. Pure.
 */
export function messagesOf(
  pieces: readonly Piece[],
  sizeOf: (worker: Worker, count: number) => number,
): readonly PiecesOfMessage[] {
  const groups = Map.groupBy(pieces, ({ work }) =>
    isOfCertificate(work) ? bundleKey(work) : pieceKey({ work }),
  );
  return [...groups.values()].flatMap((group) => {
    const [{ work }] = group as [Piece];
    const size = sizeOf(workerOf(work), group.length);
    return chunksOf(group, size).map(messageOf);
  });
}

function messageOf(pieces: readonly Piece[]): PiecesOfMessage {
  const [{ why, work }] = pieces as [Piece];
  const works = pieces.map((piece) => piece.work).filter(isOfCertificate);
  return { message: isOfCertificate(work) ? bundled(work, works) : work, why, pieces };
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
