import { expect, test } from 'vitest';
import { type LocateAsks, locate } from '#cli/reach/locate.ts';
import type { ReachOptions } from '#cli/reach/options.ts';

const kept = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-central-1',
  account: '000000000000',
  installation: 'trial',
  credentials: { accessKeyId: 'key', secretAccessKey: 'local' },
};
const configured = { account: '111111111111', region: 'eu-west-1', installation: 'ours' };

/** Nobody knows anything, unless told. */
function asks(change: Partial<LocateAsks> = {}): LocateAsks {
  return {
    keptCloud: () => null,
    configured: async () => null,
    usualRegion: async () => null,
    callerAccount: async () => '222222222222',
    ...change,
  };
}
const withFile = asks({ configured: async () => configured });
const withRegion = asks({ usualRegion: async () => 'us-east-1' });

test.each<[string, ReachOptions, LocateAsks, object]>([
  [
    'the SDK knows region and account',
    {},
    withRegion,
    { region: 'us-east-1', account: '222222222222', installation: 'certkeep' },
  ],
  ['the file comes before the SDK', {}, withFile, configured],
  [
    'an option comes before the file',
    { region: 'us-east-1' },
    withFile,
    { ...configured, region: 'us-east-1' },
  ],
  [
    'a file without a name for the installation means the usual one',
    {},
    asks({ configured: async () => ({ ...configured, installation: undefined }) }),
    { ...configured, installation: 'certkeep' },
  ],
  ['a kept local cloud says everything', { local: true }, asks({ keptCloud: () => kept }), kept],
])('%s', async (_, options, known, expected) => {
  expect(await locate(options, known)).toEqual(expected);
});

test('neither file nor SDK is asked where options say everything', async () => {
  const refuse = () => Promise.reject(new Error('nobody is to be asked'));
  const silent = asks({ configured: refuse, usualRegion: refuse, callerAccount: refuse });
  expect(await locate(configured, silent)).toEqual(configured);
});

test.each<[string, ReachOptions, LocateAsks, string, string]>([
  ['no region', {}, asks(), 'no region is given', 'npx certkeep status --region REGION'],
  ['no local cloud', { local: true }, asks(), 'no local cloud is kept', 'npm start -- --keep'],
  [
    'impossible values',
    { region: 'Frankfurt', account: '12', installation: 'AWS' },
    asks(),
    '"Frankfurt" is not the name of a region; "12" is not an account',
    'npx certkeep status --help',
  ],
])('%s: it says so, and the next command', async (_, options, known, message, next) => {
  await expect(locate(options, known)).rejects.toMatchObject({
    message: expect.stringContaining(message),
    next,
  });
});
