import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

const schema = z.object({ names: z.array(z.string()) });
type Names = z.output<typeof schema>;

/** As a process has it: another one has an object store of its own. */
function namesIn(
  objects: ReturnType<typeof fakeObjectStore>,
  form: { readonly hasOneWriter?: boolean } = {},
): SharedObject<Names> {
  return sharedObject<Names>(objects, {
    ...form,
    key: 'names.json',
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (names) => names,
    empty: { names: [] },
  });
}

const adding =
  (name: string) =>
  ({ names }: Names): Names => ({ names: [...names, name] });
const many = Array.from({ length: 25 }, (_, at) => `c${at}`);

test('what one process changes at the same time is one write, in its order', async () => {
  const objects = fakeObjectStore();
  const changed = await Promise.all(many.map((name) => namesIn(objects).update(adding(name))));
  // The first begins before it knows of the others.
  expect(objects.conditionalWrites).toBe(2);
  expect(await namesIn(objects).read()).toEqual({ names: many });
  expect(changed.map(({ names }) => names.length)).toEqual(many.map((_, at) => at + 1));
});

test('a change that throws concerns its own caller alone', async () => {
  const objects = fakeObjectStore();
  const refuses = (): Names => {
    throw new Error('refused');
  };
  const all = [adding('a'), adding('b'), refuses, adding('c')].map((change) =>
    namesIn(objects).update(change),
  );
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(await namesIn(objects).read()).toEqual({ names: ['a', 'b', 'c'] });
});

test('where another process writes first, every change is applied again', async () => {
  const objects = fakeObjectStore();
  objects.beforeNextWrite(() => namesIn({ ...objects }).update(adding('first')));
  await Promise.all(['a', 'b'].map((name) => namesIn(objects).update(adding(name))));
  expect(await namesIn(objects).read()).toEqual({ names: ['first', 'a', 'b'] });
});

test('changes that change nothing write nothing, and later ones find the queue free', async () => {
  const objects = fakeObjectStore();
  const same = (names: Names) => names;
  await Promise.all([namesIn(objects).update(same), namesIn(objects).update(same)]);
  expect(objects.conditionalWrites).toBe(0);
  await namesIn(objects).update(adding('a'));
  expect(await namesIn(objects).read()).toEqual({ names: ['a'] });
});

test('an object that cannot be read fails all who wait for it, and the next change works', async () => {
  const objects = fakeObjectStore();
  const { get } = objects;
  objects.get = () => Promise.reject(new Error('timed out'));
  const all = many.map((name) => namesIn(objects).update(adding(name)));
  const outcomes = await Promise.allSettled(all);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
  objects.get = get;
  expect(await namesIn(objects).update(adding('a'))).toEqual({ names: ['a'] });
});

describe('an object that one function writes', () => {
  const ownIn = (objects: ReturnType<typeof fakeObjectStore>) =>
    namesIn(objects, { hasOneWriter: true });

  test('is read once in a run that reads and changes it', async () => {
    const objects = fakeObjectStore();
    const own = ownIn(objects);
    await own.read();
    await own.update(adding('a'));
    await own.update(adding('b'));
    expect(objects.reads).toBe(1);
    expect(await own.read()).toEqual({ names: ['a', 'b'] });
  });

  test('is read again where somebody else has written since, and nothing of that is lost', async () => {
    const objects = fakeObjectStore();
    const own = ownIn(objects);
    await own.read();
    await namesIn({ ...objects }).update(adding('other'));
    expect(await own.update(adding('a'))).toEqual({ names: ['other', 'a'] });
    expect(await own.read()).toEqual({ names: ['other', 'a'] });
  });

  test('is read again before a change is believed to change nothing, or refuses', async () => {
    const objects = fakeObjectStore();
    const own = ownIn(objects);
    await own.read();
    await namesIn({ ...objects }).update(adding('other'));
    const once = (names: Names) => (names.names.includes('other') ? adding('a')(names) : names);
    expect(await own.update(once)).toEqual({ names: ['other', 'a'] });
    await namesIn({ ...objects }).update(adding('more'));
    const refusing = (names: Names): Names => {
      if (!names.names.includes('more')) throw new Error('refused');
      return adding('b')(names);
    };
    expect(await own.update(refusing)).toEqual({ names: ['other', 'a', 'more', 'b'] });
  });

  test('is read again after a write whose answer was lost', async () => {
    const objects = fakeObjectStore();
    const own = ownIn(objects);
    await own.read();
    objects.loseNextAnswer();
    await own.update(adding('a'));
    expect((await own.read()).names).toContain('a');
  });
});
