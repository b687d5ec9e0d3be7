import {
  type DeployedFunction,
  type LambdaState,
  stageOf,
} from 'local-cloud/services/lambda/state.ts';

/** Facts about a deployed installation, for the demonstration and the tests. */
export type Installed = {
  readonly installation: string;
  /** The KMS key of secrets, under the functions' name for it. */
  readonly keyId: string;
  readonly bucket: string;
  /** The replica buckets by region. */
  readonly replicaBuckets: ReadonlyMap<string, string>;
  /** The name of the function of a stage: `certkeep-check`. */
  functionName(stage: string): string;
};

/** Reads the facts from the environment that the template gave the functions, which is what they use. */
export function installedIn({ functions }: LambdaState): Installed {
  const all = [...functions.values()];
  const { environment } = ofStage(all, 'sync');
  const pairs = variable(environment, 'CERTKEEP_REPLICA_BUCKETS').split(',').filter(Boolean);
  return {
    installation: variable(environment, 'CERTKEEP_INSTALLATION'),
    keyId: variable(environment, 'CERTKEEP_KEY_ID'),
    bucket: variable(environment, 'CERTKEEP_BUCKET'),
    replicaBuckets: new Map(pairs.map((pair) => pair.split('=', 2) as [string, string])),
    functionName: (stage) => ofStage(all, stage).name,
  };
}

function ofStage(all: readonly DeployedFunction[], stage: string): DeployedFunction {
  const found = all.find((deployed) => stageOf(deployed) === stage);
  if (found) return found;
  throw new Error(`local: no function ${stage} was deployed`);
}

function variable(environment: DeployedFunction['environment'], name: string): string {
  const value = environment[name];
  if (value !== undefined) return value;
  throw new Error(`local: the deployed functions have no ${name}`);
}
