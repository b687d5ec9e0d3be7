import { nearest } from '#shared/text/suggest.ts';

/** Taken from aws-cdk-lib/region-info; a test keeps the two equal. */
export const knownRegions: readonly string[] = [
  'af-south-1',
  ...['ap-east-1', 'ap-east-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ...['ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4'],
  ...['ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7'],
  ...['ca-central-1', 'ca-west-1'],
  ...['cn-north-1', 'cn-northwest-1'],
  ...['eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['eu-isoe-west-1', 'eusc-de-east-1'],
  ...['il-central-1', 'me-central-1', 'me-south-1', 'me-west-1', 'mx-central-1', 'sa-east-1'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ...['us-gov-east-1', 'us-gov-west-1'],
  ...['us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1', 'us-isob-west-1'],
  ...['us-isof-east-1', 'us-isof-south-1'],
];

const known = new Set(knownRegions);
const knownWords = new Set(knownRegions.flatMap((region) => region.split('-').slice(0, -1)));

/** Says whether a region is known, mistyped, or perhaps new: one that consists of AWS's usual words, or resembles no other. */
export function regionStanding(region: string): 'known' | 'maybe-new' | { readonly meant: string } {
  if (known.has(region)) return 'known';
  const isOfKnownWords = region
    .split('-')
    .slice(0, -1)
    .every((word) => knownWords.has(word));
  const meant = isOfKnownWords ? null : nearest(region, knownRegions);
  return meant === null ? 'maybe-new' : { meant };
}
