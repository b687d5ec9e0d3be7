import { expect, test } from 'vitest';
import { readFailure } from '#cli/reach/read-failure.ts';

const location = { installation: 'certkeep', account: '123456789012', region: 'us-east-1' };
const aws = { bucket: 'certkeep-123456789012-us-east-1', key: 'status/status.json', location };
const local = { ...aws, location: { ...location, endpoint: 'http://127.0.0.1:4566' } };

function named(name: string, message = 'said by AWS'): Error {
  return Object.assign(new Error(message), { name });
}

test.each([
  [
    'NoSuchBucket',
    aws,
    /^there is no bucket certkeep-123456789012-us-east-1: no installation "certkeep"/,
    'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
  ],
  [
    'AccessDenied',
    aws,
    /^AWS denies reading status\/status.json in .*: said by AWS$/,
    'aws sts get-caller-identity',
  ],
  [
    'CredentialsProviderError',
    null,
    /^no AWS credentials are found/,
    'aws sts get-caller-identity',
  ],
  ['ExpiredToken', aws, /^AWS does not take the credentials/, 'aws sts get-caller-identity'],
  ['TimeoutError', aws, /^AWS cannot be reached/, 'aws sts get-caller-identity'],
  [
    'TimeoutError',
    local,
    /^the local cloud at http:\/\/127.0.0.1:4566 does not answer$/,
    'npm start -- --keep',
  ],
])('%s: it says what is wrong, and the next command', (name, reading, message, next) => {
  expect(readFailure(named(name), reading)).toMatchObject({
    name: 'CommandFailed',
    message: expect.stringMatching(message),
    next,
  });
});

test('a refused connection is found below the error of the SDK', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(readFailure(new Error('it failed', { cause }), local)).toMatchObject({
    next: 'npm start -- --keep',
  });
});

test('what nobody knows stays as it is', () => {
  const error = named('SomethingNew');
  expect(readFailure(error, aws)).toBe(error);
});
