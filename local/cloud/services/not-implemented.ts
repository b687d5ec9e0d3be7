import { AwsError } from '../wire/service.ts';

/** Refuses a member's value that would change behaviour on AWS; `supportOnly` refuses whole members. */
export function notImplemented(operation: string, what: string): AwsError {
  const message = `local: ${operation} with ${what} is not implemented`;
  return new AwsError('NotImplemented', message, 501);
}
