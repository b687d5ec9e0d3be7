import { AwsError } from '../wire/service.ts';

/** For the value of a member that would change behaviour on AWS; whole members are `supportOnly`'s business. */
export function notImplemented(operation: string, what: string): AwsError {
  const message = `local: ${operation} with ${what} is not implemented`;
  return new AwsError('NotImplemented', message, 501);
}
