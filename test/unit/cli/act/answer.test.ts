import { describe, expect, test } from 'vitest';
import { linesIn } from '#cli/act/wish/answer.ts';
import { lookCommand, ownCommand, type Wanted } from '#cli/act/wish/own-command.ts';
import { costLines } from '#cli/act/wish/pages.ts';
import type { CommandFailed } from '#cli/failure.ts';
import { commandFor, type WishName, wishes } from '#shared/check/entrance.ts';

const wanted: Wanted = { wish: 'force', certificates: ['shop'], reason: 'leaked' };

describe('a command of ours', () => {
  test.each([
    ['force', 'npx certkeep renew shop --reason leaked'],
    ['override', 'npx certkeep renew --override shop --reason leaked'],
    ['retry', 'npx certkeep retry shop --reason leaked'],
    ['resume', 'npx certkeep resume shop --reason leaked'],
    ['rollback', 'npx certkeep rollback shop --reason leaked'],
    ['bar', 'npx certkeep bar shop --reason leaked'],
    ['unbar', 'npx certkeep unbar shop --reason leaked'],
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
    expect(
      ownCommand({ ...wanted, wish: 'revoke', code: 'superseded', version: '0A' }, options),
    ).toBe(
      "npx certkeep revoke shop --code superseded --version 0A --reason leaked --installation certs --config 'my fleet.yaml' --local",
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

  describe('about a version', () => {
    const refused = (of: Partial<Wanted>, alias: WishName, example: object) => {
      const command = commandFor('certkeep-check', alias, example);
      try {
        return linesIn(
          { refused: 'Nothing was done.', example, command },
          { ...wanted, ...of },
          {},
        );
      } catch (error) {
        return (error as CommandFailed).next;
      }
    };
    const shop = { certificates: ['shop'], reason: 'leaked' };
    const code = 'keyCompromise';

    test.each([
      ['that it does not have', { wish: 'rollback', version: '0F' }, 'force', shop],
      ['that is revoked already', { wish: 'revoke', code }, 'revoke', { ...shop, code }],
      ['that is not there to be barred', { wish: 'bar', version: '0F' }, 'bar', shop],
      ['though none is barred', { wish: 'unbar' }, 'unbar', shop],
    ] as const)('%s leads to the versions that there are', (_, of, alias, example) => {
      expect(refused(of, alias, example)).toBe('npx certkeep show shop');
    });

    test('keeps what is right of it', () => {
      const of = { wish: 'revoke', code: 'superseded', version: '0A', reason: 'x\ny' } as const;
      const example = { ...shop, code: 'superseded', reason: 'why' };
      expect(refused(of, 'revoke', example)).toBe(
        'npx certkeep revoke shop --code superseded --version 0A --reason why',
      );
      const back = { wish: 'rollback', version: '0A', until: '2020-01-05T00:00:00Z' } as const;
      expect(refused(back, 'rollback', shop)).toBe(
        'npx certkeep rollback shop --version 0A --reason leaked',
      );
    });

    test('is none where there is no earlier one: then a new one helps', () => {
      expect(refused({ wish: 'rollback' }, 'force', shop)).toBe(
        'npx certkeep renew shop --reason leaked',
      );
    });
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
