import { afterEach, expect, test } from 'vitest';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { examples } from './codec-examples.ts';
import { type LocalFront, localFront } from './local-front.ts';

let front: LocalFront | undefined;
afterEach(() => front?.close());

test.each(examples)('$client carries $operation there and back', async (example) => {
  let arrived: unknown;
  const running = serviceOf(
    example.id,
    example.module,
    example.module[example.client] as new () => unknown,
    {
      [example.operation]: (input) => {
        arrived = input;
        return example.output;
      },
    },
  );
  front = await localFront([running]);
  // biome-ignore lint/suspicious/noExplicitAny: fifteen clients with nothing typed in common
  const module = example.module as any;
  const client = new module[example.client](front.configuration());
  const answer = await client.send(new module[`${example.operation}Command`](example.input));

  expect(plain(arrived)).toMatchObject(plain(example.input));
  expect(plain(answer)).toMatchObject(plain(example.output));
});

/** Blobs as bytes in hex, whatever class carries them. */
function plain(value: unknown): object {
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map((item) => plainOr(item));
  const entries = Object.entries(value as object).filter(([name]) => name !== '$metadata');
  return Object.fromEntries(entries.map(([name, member]) => [name, plainOr(member)]));
}

function plainOr(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? plain(value) : value;
}
