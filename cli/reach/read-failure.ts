import { errorMessage, errorName } from '#shared/errors.ts';
import { CommandFailed } from '../failure.ts';
import type { Location } from './locate.ts';

type Reading = {
  readonly bucket: string;
  readonly key: string;
  readonly location: Location;
};

const notReached = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['ETIMEDOUT', 'TimeoutError'],
];
const withoutCredentials = ['CredentialsProviderError', 'TokenProviderError'];
const expired = ['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'RequestExpired'];
const denied = ['AccessDenied', 'AccessDeniedException', 'Forbidden', '403'];

/** Says whether AWS has denied a call. */
export function isDenied(error: unknown): boolean {
  return [errorName(error), codeOf(error)].some((name) => denied.includes(name));
}

const whoAmI = 'aws sts get-caller-identity';

/** Says what a failed call of AWS means for the person who looks. `reading` is null for a call that reads no object. */
export function readFailure(error: unknown, reading: Reading | null): unknown {
  const [what, next] = meaning(error, reading) ?? [];
  return what && next ? new CommandFailed(what, next, { cause: error }) : error;
}

function meaning(error: unknown, reading: Reading | null): readonly [string, string] | null {
  const names = [errorName(error), codeOf(error)];
  const is = (...list: readonly string[]) => names.some((name) => list.includes(name));
  const said = errorMessage(error) || errorName(error);
  if (is(...notReached)) {
    return reading?.location.endpoint
      ? [`the local cloud at ${reading.location.endpoint} does not answer`, 'npm start -- --keep']
      : [`AWS cannot be reached: ${said}`, whoAmI];
  }
  if (is(...withoutCredentials)) return [`no AWS credentials are found: ${said}`, whoAmI];
  if (is(...expired)) return [`AWS does not take the credentials: ${said}`, whoAmI];
  if (is('NoSuchBucket') && reading) {
    const { account, installation, region } = reading.location;
    return [
      `there is no bucket ${reading.bucket}: no installation "${installation}" has its home in ${account}/${region}`,
      'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    ];
  }
  if (is(...denied)) {
    const object = reading ? ` ${reading.key} in ${reading.bucket}` : '';
    return [`AWS denies reading${object}: ${said}`, whoAmI];
  }
  return null;
}

function codeOf(error: unknown): string {
  const { cause, code } = (error ?? {}) as { readonly cause?: unknown; readonly code?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}
