import { AwsError } from './service.ts';

/** Refuses every member that is not listed, which an operation would otherwise silently ignore. */
export function supportOnly<Input extends object>(
  operation: string,
  input: Input,
  members: readonly (keyof Input & string)[],
): void {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const foreign = given.find(([name]) => !(members as readonly string[]).includes(name));
  if (!foreign) return;
  throw new AwsError(
    'NotImplemented',
    `local: ${operation} with ${foreign[0]} is not implemented`,
    501,
  );
}
