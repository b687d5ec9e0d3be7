import { expect, test } from 'vitest';
import { steps } from '#scripts/smoke/steps.ts';
import { readText } from '#test/house/sources.ts';

const page = readText('docs/first-account.md');
const [, ...sections] = page.split(/^## /m);

test('the page has what the command tries, in its order', () => {
  const headings = sections.map((section) => section.split('\n', 1)[0]);
  expect(headings).toEqual(steps.map(({ name }, index) => `${index + 1}. ${name}`));
});

test.each(sections.map((section) => [section.split('\n', 1)[0], section]))(
  '%s has a command, what to expect and what to do otherwise',
  (_, section) => {
    expect(section).toMatch(/^ {4}(aws|echo|for) /m);
    expect(section).toMatch(/^\*\*Expected\.\*\* \S/m);
    expect(section).toMatch(/\*\*Otherwise\*\* \S/);
  },
);

test('the README leads to it', () => {
  expect(readText('README.md')).toContain('docs/first-account.md');
});
