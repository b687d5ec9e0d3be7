import { describe, expect, test } from 'vitest';
import type { Wanted } from '#cli/act/wish/own-command.ts';
import { functionFailure, wishFailure } from '#cli/act/wish/wish-failure.ts';

const wanted: Wanted = { wish: 'force', certificates: ['shop'], reason: 'leaked' };
const location = { installation: 'certs', account: '123456789012', region: 'cn-north-1' };
const asked = { wanted, location, options: {}, isEstimate: false };

describe('an invocation that fails', () => {
  function named(name: string, httpStatusCode?: number): Error {
    const $metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
    return Object.assign(new Error('said by AWS'), { name, $metadata });
  }

  const nothing = 'Nothing was done: ';
  const nobodyKnows = 'nobody can say whether it was done: said by AWS';
  const whoAmI = 'aws sts get-caller-identity';
  const history = 'npx certkeep history shop';

  test.each([
    [
      named('AccessDeniedException', 403),
      `${nothing}AWS denies it; it needs lambda:InvokeFunction on arn:aws-cn:lambda:cn-north-1:123456789012:function:certs-check:force: said by AWS`,
      whoAmI,
    ],
    [
      named('ExpiredTokenException', 403),
      `${nothing}AWS does not take the credentials: said by AWS`,
      whoAmI,
    ],
    [
      named('ResourceNotFoundException', 404),
      `${nothing}there is no certs-check:force in 123456789012/cn-north-1: another home, or an older release`,
      'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    ],
    [
      named('TooManyRequestsException', 429),
      `${nothing}Lambda has no room for it now: said by AWS`,
      'npx certkeep renew shop --reason leaked',
    ],
    [named('ServiceException', 500), nobodyKnows, history],
    [named('TimeoutError'), nobodyKnows, history],
    [Object.assign(new Error('said by AWS'), { code: 'ECONNRESET' }), nobodyKnows, history],
    [
      new Error('it failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'AWS cannot be reached: it failed',
      whoAmI,
    ],
    [named('CredentialsProviderError'), 'no AWS credentials are found: said by AWS', whoAmI],
  ])('%s: it says what that means, and the next command', (error, message, next) => {
    expect(wishFailure(error, asked)).toMatchObject({ name: 'CommandFailed', message, next });
  });

  test('has done nothing where only an estimate was asked for', () => {
    const isEstimate = true;
    expect(wishFailure(named('TimeoutError'), { ...asked, isEstimate })).toMatchObject({
      message: 'Nothing was done: said by AWS',
      next: 'npx certkeep renew shop --reason leaked',
    });
    expect(functionFailure({ errorType: 'E' }, { ...asked, isEstimate }).message).toMatch(
      /^Nothing was done: check failed: E/,
    );
  });

  test('may have been done where check has failed', () => {
    const error = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 150.00 s' };
    expect(functionFailure(error, asked)).toMatchObject({
      message:
        'check failed: Sandbox.Timedout: Task timed out after 150.00 s; it may have been done all the same',
      next: history,
    });
  });
});
