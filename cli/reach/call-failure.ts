import { errorMessage, errorName } from '#shared/errors.ts';
import { CommandFailed } from '../failure.ts';
import type { Location } from './locate.ts';
import { readFailure } from './read-failure.ts';

/** A call of AWS that reads something else than an object of the bucket. */
export type Calling = {
  readonly location: Location;
  /** The right that it needs: `logs:FilterLogEvents on arn:…`. */
  readonly right: string;
};

const denied = ['AccessDenied', 'AccessDeniedException'];

/** Says what a failed call of AWS means for the person who looks; returns the error itself where nobody knows. */
export function callFailure(error: unknown, { location, right }: Calling): unknown {
  if (denied.includes(errorName(error))) {
    const message = `AWS denies it; it needs ${right}: ${errorMessage(error)}`;
    return new CommandFailed(message, 'aws sts get-caller-identity', { cause: error });
  }
  return readFailure(error, location.endpoint ? { bucket: '', key: '', location } : null);
}
