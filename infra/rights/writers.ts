import type { Config } from '#shared/config/config.ts';
import { type FunctionName, functionNames } from '#shared/installation.ts';
import { functionRights } from './rights.ts';

/** Stand for what says nothing about who writes. */
const elsewhere = { keyArn: '', replicaKeyArn: () => '', configBucket: '' };

const isWriting = (action: string) => /^s3:(?:Put|Delete)Object$/.test(action);

/** The functions that put objects into a bucket or take them away, as their rights say: whom its policy lets. */
export function writersOf(bucket: string, config: Config): readonly FunctionName[] {
  return functionNames.filter((name) =>
    functionRights(name, config, elsewhere).some(
      ({ actions, resources }) =>
        actions.some(isWriting) && resources.some((arn) => arn.includes(`:::${bucket}/`)),
    ),
  );
}
