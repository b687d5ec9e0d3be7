import { expect, test } from 'vitest';
import { readSource } from '#local/demo/source.ts';

test.each([
  ['nope.yaml', 'The configuration cannot be read: nope.yaml is not there.'],
  ['local', 'The configuration cannot be read: local is a folder. Name the file in it.'],
  ['package.json/x', 'package.json/x is not there: a part of its path is a file.'],
])('a file that cannot be opened is told in a sentence: %s', async (file, sentence) => {
  const source = await readSource(file);
  expect('problem' in source && source.problem).toContain(sentence);
});
