import { LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaStarter } from '#shared/adapters/lambda-starter.ts';
import type { FunctionStarter, SyncStarter } from '#shared/queues/work.ts';
import type { Foundation } from '../foundation.ts';

/** Starts functions without their queues, for work that cannot wait. */
export function composeStarter({
  clients,
  environment,
}: Foundation): FunctionStarter & SyncStarter {
  return lambdaStarter({
    client: new LambdaClient(clients()),
    functionNames: {
      issue: environment.CERTKEEP_ISSUE_FUNCTION,
      deploy: environment.CERTKEEP_DEPLOY_FUNCTION,
      verify: environment.CERTKEEP_VERIFY_FUNCTION,
      sync: environment.CERTKEEP_SYNC_FUNCTION,
    },
  });
}
