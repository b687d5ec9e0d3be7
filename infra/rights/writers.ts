import type { Config } from '#shared/config/config.ts';
import { type FunctionName, functionNames } from '#shared/installation.ts';
import { functionRights } from './rights.ts';

/** Values that do not matter for the question who writes. */
const elsewhere = { keyArn: '', replicaKeyArn: () => '', configBucket: '' };

const isWriting = (action: string) => /^s3:(?:Put|Delete)Object$/.test(action);

/** The functions whose rights let them put objects into a bucket or delete them; its policy admits only these. */
export function writersOf(bucket: string, config: Config): readonly FunctionName[] {
  return functionNames.filter((name) =>
    functionRights(name, config, elsewhere).some(
      ({ actions, resources }) =>
        actions.some(isWriting) && resources.some((arn) => arn.includes(`:::${bucket}/`)),
    ),
  );
}
