import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportDirectory } from '#cli/keep/export/directory.ts';

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'certkeep-directory-')));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Only root can make files of somebody else. */
const isRoot = process.getuid?.() === 0;
const somebodyElse = 12_345;

/** Everybody can write there, and with the sticky bit remove only what is their own. */
function common(name: string, mode = 0o1777): string {
  const path = join(directory, name);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

test('a directory that is not there is created for this user alone', () => {
  const path = join(directory, 'tls', 'shop');
  expect(exportDirectory(path)).toBe(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('one that is there keeps its rights, and one’s own link leads to it', () => {
  const path = join(directory, 'tls');
  mkdirSync(path);
  chmodSync(path, 0o750);
  const link = join(common('tmp'), 'link');
  symlinkSync(path, link);
  expect(exportDirectory(link)).toBe(path);
  expect(statSync(path).mode & 0o777).toBe(0o750);
});

test.skipIf(!isRoot)('a link of somebody else, where everybody can write, is not followed', () => {
  const path = join(directory, 'tls');
  mkdirSync(path);
  const link = join(common('tmp'), 'link');
  symlinkSync(path, link);
  lchownSync(link, somebodyElse, somebodyElse);
  expect(() => exportDirectory(link)).toThrow('is a link of somebody else');
  expect(() => exportDirectory(join(link, 'shop'))).toThrow('is a link of somebody else');
  expect(existsSync(join(path, 'shop'))).toBe(false);
});

test.skipIf(!isRoot)(
  'a directory of somebody else, where everybody can write, is not trusted',
  () => {
    const path = join(common('tmp'), 'tls');
    mkdirSync(path);
    lchownSync(path, somebodyElse, somebodyElse);
    expect(() => exportDirectory(path)).toThrow('others can exchange it');
    expect(() => exportDirectory(join(path, 'shop'))).toThrow('others can exchange it');
    expect(existsSync(join(path, 'shop'))).toBe(false);
  },
);

test('without the sticky bit everybody can exchange what is there', () => {
  const path = join(common('tmp', 0o777), 'tls');
  mkdirSync(path);
  expect(() => exportDirectory(path)).toThrow('others can exchange it');
});

test('where everybody can write, a key is not put', () => {
  expect(() => exportDirectory(common('tmp'))).toThrow('everybody can write in');
});

test('a file in the way is said, with the next command in quotes that a shell needs', () => {
  const path = join(directory, "it's");
  writeFileSync(path, '');
  expect(() => exportDirectory(join(path, 'tls'))).toThrow(
    expect.objectContaining({
      name: 'CommandFailed',
      message: expect.stringContaining('cannot be used: '),
      next: `ls -ld '${join(directory, "it'\\''s", 'tls')}'`,
    }),
  );
});
