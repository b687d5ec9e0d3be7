/** The server sent more than the caller accepts. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  constructor(mostBytes: number) {
    super(`more than ${mostBytes} bytes`);
  }
}

/** @throws AnswerTooLarge */
export async function readBounded(
  answer: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<Buffer> {
  const { bytes, isWhole } = await readStart(answer, mostBytes);
  if (!isWhole) throw new AnswerTooLarge(mostBytes);
  return bytes;
}

/** Reads at most so many bytes of an answer. Leaving the rest unread ends the connection. */
export async function readStart(
  answer: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, mostBytes), isWhole: length <= mostBytes };
}
