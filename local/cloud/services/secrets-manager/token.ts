import { AwsError } from '../../wire/service.ts';

/** A ClientRequestToken becomes the VersionId; the SDK and the aws command line fill it in where it is absent. */
export function tokenOf(given: string | undefined): string {
  const token = given ?? crypto.randomUUID();
  if (token.length >= 32 && token.length <= 64) return token;
  throw new AwsError(
    'ValidationException',
    'Value at "clientRequestToken" must have a length between 32 and 64.',
  );
}
