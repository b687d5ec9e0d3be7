import { describe, expect, test } from 'vitest';
import { linesIn } from '#cli/act/wish/answer.ts';
import { lookCommand, ownCommand, type Wanted } from '#cli/act/wish/own-command.ts';
import { costLines } from '#cli/act/wish/pages.ts';
import { commandFor, type WishName, wishes } from '#shared/check/entrance.ts';

const wanted: Wanted = { wish: 'force', certificates: ['shop'], reason: 'leaked' };

describe('a command of ours', () => {
  test.each([
    ['force', 'npx certkeep renew shop --reason leaked'],
    ['override', 'npx certkeep renew --override shop --reason leaked'],
    ['retry', 'npx certkeep retry shop --reason leaked'],
    ['resume', 'npx certkeep resume shop --reason leaked'],
  ] as const)('asks for %s', (wish, command) => {
    expect(ownCommand({ ...wanted, wish }, {})).toBe(command);
  });

  test('survives a shell, and looks where this one looks', () => {
    const options = { installation: 'certs', config: 'my fleet.yaml', local: true } as const;
    const until = '2027-01-05T06:00:00Z';
    const reason = "the key's owner left; $(rm)";
    expect(ownCommand({ ...wanted, wish: 'pause', reason, until }, options, '--yes')).toBe(
      "npx certkeep pause shop --until 2027-01-05T06:00:00Z --reason 'the key'\\''s owner left; $(rm)' --installation certs --config 'my fleet.yaml' --local --yes",
    );
    expect(lookCommand('history', '$x', { region: 'us-east-1' })).toBe(
      "npx certkeep history '$x' --region us-east-1",
    );
  });
});

describe('an answer of check', () => {
  const lines = [{ certificate: 'shop', action: 'issue', reason: 'forced', takes: ['1 of 50'] }];

  test('is a line for each certificate', () => {
    expect(linesIn(lines, wanted, {})).toEqual(lines);
    expect(costLines(linesIn(lines, wanted, {}), 80)).toEqual([
      'shop takes of the limits of its CA:',
      '  1 of 50',
    ]);
  });

  test.each(wishes)('that refuses leads to the command for %s', (wish: WishName) => {
    const example = { certificates: ['shop'], reason: 'a leak' };
    const command = commandFor('certs-check', wish, example);
    const answer = { refused: 'Nothing was done: that.', example, command };
    expect(() => linesIn(answer, wanted, { local: true })).toThrow(
      expect.objectContaining({
        name: 'CommandFailed',
        message: 'Nothing was done: that.',
        next: ownCommand({ ...wanted, reason: 'a leak', wish }, { local: true }),
      }),
    );
  });

  test.each([
    [
      { refused: 'Nothing was done: "by" is not known (the fields are certificates).' },
      'Nothing was done: the functions are of an older release than this command',
      'npx cdk deploy --all',
    ],
    [
      { refused: 'Nothing was done: this is no payload that check reads.' },
      'Nothing was done: this is no payload that check reads.',
      'npx certkeep renew shop --reason leaked',
    ],
    [
      { strange: true },
      'check has answered what this release does not know: use the release that is deployed',
      'npx certkeep --version',
    ],
  ])('%j', (answer, message, next) => {
    expect(() => linesIn(answer, wanted, {})).toThrow(
      expect.objectContaining({ name: 'CommandFailed', message, next }),
    );
  });
});
