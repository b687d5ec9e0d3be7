import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { announceKeptCloud, findKeptCloud, forgetKeptCloud } from '#cli/reach/kept-cloud.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-kept-'));
afterAll(() => rmSync(directory, { recursive: true }));

const cloud = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-central-1',
  account: '000000000000',
  installation: 'certkeep',
  credentials: { accessKeyId: 'key', secretAccessKey: 'local' },
};

test('a kept cloud is found by the same user, until it ends', () => {
  const path = join(directory, 'a.json');
  expect(findKeptCloud(path)).toBeNull();
  announceKeptCloud(cloud, path);
  expect(findKeptCloud(path)).toEqual(cloud);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  forgetKeptCloud(cloud, path);
  expect(findKeptCloud(path)).toBeNull();
});

test('the end of one cloud leaves the file of the next one', () => {
  const path = join(directory, 'b.json');
  const next = { ...cloud, endpoint: 'http://127.0.0.1:4567' };
  announceKeptCloud(cloud, path);
  announceKeptCloud(next, path);
  forgetKeptCloud(cloud, path);
  expect(findKeptCloud(path)).toEqual(next);
});

test('a link that somebody has put there is replaced, and not followed', () => {
  const [path, other] = [join(directory, 'c.json'), join(directory, 'other')];
  writeFileSync(other, 'theirs');
  symlinkSync(other, path);
  announceKeptCloud(cloud, path);
  expect(statSync(other).size).toBe('theirs'.length);
  expect(findKeptCloud(path)).toEqual(cloud);
});

test('a file that is none of ours says nothing', () => {
  const path = join(directory, 'd.json');
  writeFileSync(path, '{"endpoint":"http://127.0.0.1:1"}');
  expect(findKeptCloud(path)).toBeNull();
});
