import { expect, onTestFinished, test } from 'vitest';
import { errorMessage } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import { AnswerTooLarge, readBounded, readStart } from '#shared/http/read-bounded.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { startPlainServer } from '#test/support/plain-server.ts';

/** An answer in pieces, and whether its reader has left it. */
function pieces(...texts: readonly string[]) {
  const seen = { left: false };
  async function* sent() {
    try {
      for (const text of texts) yield Buffer.from(text);
    } finally {
      seen.left = true;
    }
  }
  return { answer: sent(), seen };
}

test('an answer within its limit is read whole', async () => {
  expect((await readBounded(pieces('ab', 'cd').answer, 4)).toString()).toBe('abcd');
});

test('of a longer one nobody reads on, and its error says the limit', async () => {
  const { answer, seen } = pieces('ab', 'cde', 'never read');
  await expect(readBounded(answer, 4)).rejects.toThrow(new AnswerTooLarge(4));
  expect(seen.left).toBe(true);
});

test('the start of a longer answer ends at the limit', async () => {
  const { bytes, isWhole } = await readStart(pieces('ab', 'cde').answer, 4);
  expect([bytes.toString(), isWhole]).toEqual(['abcd', false]);
});

/** Its paths: `/text`, `/elsewhere` and `/silence`. */
async function server(): Promise<string> {
  const { close, origin } = await startPlainServer(({ url }, response) => {
    if (url === '/silence') return;
    if (url === '/elsewhere') response.writeHead(302, { location: '/text' });
    response.end('a text');
  });
  onTestFinished(close);
  return origin;
}

test('a text comes with its status', async () => {
  expect(await fetchText(`${await server()}/text`, {})).toEqual({
    status: 200,
    isOk: true,
    text: 'a text',
  });
});

test('no redirect is followed', async () => {
  await expect(fetchText(`${await server()}/elsewhere`, {})).rejects.toThrow('fetch failed');
});

test('what fetch hides is told', async () => {
  const error = await fetchText('http://127.0.0.1:1', {}).catch((failed: unknown) => failed);
  expect(errorMessage(error)).toBe('fetch failed');
  expect(whyUnanswered(error)).toBe('bad port');
});

test('that there was no answer in time is said in plain words', async () => {
  const url = `${await server()}/silence`;
  const late = await fetch(url, { signal: AbortSignal.timeout(1) }).catch((failed) => failed);
  expect(whyUnanswered(late)).toBe('no answer in time');
});

test('a request ends with the deadline of its run, and says its reason', async () => {
  const url = `${await server()}/silence`;
  const ending = new AbortController();
  const asked = withinDeadline(ending.signal, () => fetchText(url, {}));
  ending.abort(new Error('the run ends'));
  await expect(asked).rejects.toThrow('the run ends');
});
