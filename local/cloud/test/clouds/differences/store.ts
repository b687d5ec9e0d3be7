import { accepted, type Difference, motoDiffers } from '../difference.ts';

const changes =
  'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html';
const recordTypes =
  'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html';
const getChange = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html';
const secretsLimits =
  'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html';
const moveLabel =
  'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html';
const getSecret =
  'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html';

/** Route 53 and Secrets Manager: what issue and store rest on. S3 agrees in everything asked. */
export const storeDifferences: readonly Difference[] = [
  ...motoDiffers('Route 53, TXT records', [
    [
      'a delete whose values are not those of the set fails the whole batch',
      'refused as InvalidInput, not as InvalidChangeBatch',
      /expected InvalidInput/,
      changes,
    ],
    [
      'a delete whose TTL is not that of the set is refused',
      'refused as InvalidInput, not as InvalidChangeBatch',
      /expected InvalidInput/,
      changes,
    ],
    [
      'a delete names the values in any order',
      'another order is another set. No page says in words that the order does not count',
      /^Invalid request: Expected exactly one of/,
      null,
    ],
    [
      'a delete of what is not there is refused',
      'a set that was there once can be deleted again',
      accepted,
      changes,
    ],
    [
      'a create of a set that is there is refused',
      'a second CREATE replaces the set',
      accepted,
      changes,
    ],
    [
      'one change that fails takes back the others of its batch',
      'nothing fails, as a second CREATE is taken',
      accepted,
      changes,
    ],
    ['a value without quotation marks is refused', 'taken as it is', accepted, recordTypes],
    ['a string of more than 255 characters is refused', 'taken as it is', accepted, recordTypes],
    [
      'the same value twice in a set is refused',
      'taken as it is. No page says in words that it is refused; Route 53 answers `Duplicate Resource Record` (kubernetes-sigs/external-dns #1929)',
      accepted,
      null,
    ],
    [
      'a change is pending first and in sync later',
      'in sync at once',
      /'INSYNC' to be 'PENDING'/,
      changes,
    ],
    ['a change that never was is not found', 'every id is known and in sync', accepted, getChange],
  ]),
  ...motoDiffers('Secrets Manager, versions and labels', [
    [
      'a reader without a version gets the one that AWSCURRENT moved to',
      'still the version that had the label before; read by its id it is right',
      /'placeholder' to be 'key'/,
      getSecret,
    ],
    [
      'a label that another version holds moves only when that one is named',
      'it moves without the name',
      accepted,
      moveLabel,
    ],
    [
      'AWSCURRENT cannot be taken away',
      "it is taken away. The page says where it may move to; Secrets Manager answers `You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed`",
      accepted,
      moveLabel,
    ],
    ['a value of more than 65,536 bytes is refused', 'taken', accepted, secretsLimits],
  ]),
];
