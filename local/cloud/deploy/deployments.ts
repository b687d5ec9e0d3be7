import { AwsError, ask, type Call } from '../wire/service.ts';
import type { Assembly, StackArtifact } from './assembly.ts';
import type { FileAsset } from './assets.ts';
import type { DeployableCloud } from './cloud.ts';
import type { Placed } from './provider.ts';
import { stackScope } from './scope.ts';
import { type DeployedStack, deployStack } from './stack.ts';

export type Outputs = Readonly<Record<string, string>>;

/** The deployed stacks of a cloud, and `cdk deploy --all`. */
export type Deployments = {
  /**
   * Deploys every stack of the assembly, in their order, over the present ones. Code stays in the assembly, which must not
   * move. Returns the outputs by the stack's name and region: `certkeep us-east-1`.
   * @throws DeployProblem for anything unknown or refused; what came before it stays
   */
  deploy(assembly: Assembly): ReadonlyMap<string, Outputs>;
  /** Everything that stands, in the order of its creation. */
  resources(): readonly StandingResource[];
  /** Deletes a resource as somebody does who goes past CloudFormation, which does not hear of it. */
  removeByHand(resource: StandingResource): void;
};

export type StandingResource = {
  /** Account, name and region of the stack. */
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
};

export function deployments(cloud: DeployableCloud): Deployments {
  const stacks = new Map<string, DeployedStack>();
  const directories = new Map<string, string>();
  const claimed = new Set<string>();

  function deployOne(stack: StackArtifact): Outputs {
    const { account, region, stackName } = stack;
    const publisher = { account, region, accessKeyId: 'cdk' };
    for (const asset of stack.assets) publish(asset, publisher);
    const outputOf = (name: string, output: string, otherRegion: string) =>
      stacks.get(`${account} ${name} ${otherRegion}`)?.outputs.get(output);
    const id = `${account} ${stackName} ${region}`;
    const standing = stacks.get(id) ?? { resources: new Map(), outputs: new Map() };
    stacks.set(id, standing);
    deployStack(stack, standing, {
      cloud,
      scope: stackScope(stack, outputOf),
      directoryOf: (bucket, key) => directories.get(`${bucket}/${key}`) ?? null,
      claim(type, place, placed) {
        const name = claimOf(type, place, placed);
        const isFree = !claimed.has(name);
        claimed.add(name);
        return isFree;
      },
      release: (type, place, placed) => void claimed.delete(claimOf(type, place, placed)),
    });
    return Object.fromEntries(standing.outputs);
  }

  /** Code runs from its path in the assembly. */
  function publish({ bucket: Bucket, key: Key, read, path, region }: FileAsset, by: Call): void {
    if (!read) {
      directories.set(`${Bucket}/${Key}`, path);
      return;
    }
    const call = { ...by, region };
    bootstrap(cloud, Bucket, call);
    ask(cloud.s3, 'PutObject', { Bucket, Key, Body: read() }, call);
  }

  return {
    resources: () =>
      [...stacks].flatMap(([stack, { resources }]) =>
        [...resources].map(([logicalId, { placed, resource }]) => ({
          ...{ stack, logicalId },
          ...{ type: resource.Type, ref: placed.ref },
        })),
      ),
    removeByHand({ logicalId, stack }) {
      const found = stacks.get(stack)?.resources.get(logicalId);
      if (!found) throw new Error(`there is no ${logicalId} in ${stack}`);
      const { placed, properties, provider, site } = found;
      provider.remove({ placed, properties }, site);
    },
    deploy({ stacks: wanted }) {
      return new Map(wanted.map((one) => [`${one.stackName} ${one.region}`, deployOne(one)]));
    },
  };
}

/** The bucket that `cdk bootstrap` created for assets, with the CDK's settings. */
function bootstrap({ s3 }: DeployableCloud, Bucket: string, call: Call): void {
  try {
    ask(s3, 'HeadBucket', { Bucket }, call);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'NoSuchBucket')) throw error;
    const location = { LocationConstraint: call.region };
    const elsewhere = call.region !== 'us-east-1' && { CreateBucketConfiguration: location };
    ask(s3, 'CreateBucket', { Bucket, ...elsewhere }, call);
    const VersioningConfiguration = { Status: 'Enabled' };
    ask(s3, 'PutBucketVersioning', { Bucket, VersioningConfiguration }, call);
  }
}

/** IAM names are the same in every region. */
function claimOf(type: string, { account, region }: Call, { ref }: Placed): string {
  const place = type.startsWith('AWS::IAM::') ? account : `${account}/${region}`;
  return `${type} ${place} ${ref}`;
}
