import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey, type IKey, type Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { createAlias, createKey, outlivesStack } from './parts/storage.ts';
import { readWeakly } from './weak-references.ts';

/**
 * The key of an installation, in its own stack: it exists before its replicas, and they exist before home needs a copy. A
 * failure in a later stack deletes no key.
 */
export class CertkeepKeyStack extends Stack {
  readonly key: Key;

  constructor(scope: Construct, id: string, { config }: { readonly config: Config }) {
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.keyStack,
      description: `certkeep: the key of ${names.installation}.`,
      env: { account: config.home.account, region: config.home.region },
    });
    this.key = createKey(this, names.keyAlias);
    createAlias(this, names.keyAlias, this.key.keyId);
    new CfnOutput(this, 'KeyArn', {
      value: this.key.keyArn,
      description: 'Nobody can read the data of certkeep without this key.',
    });
  }
}

/** KMS allows 7 to 30 days; until they are over, a region cannot get another replica of the same key. */
const pendingWindow = Duration.days(7);

/**
 * The replica of the key in a further region, and nothing else: if another resource of its stack failed, CloudFormation
 * would delete the replica too, and KMS answers AlreadyExistsException while the deletion is pending
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html).
 */
export class CertkeepReplicaKeyStack extends Stack {
  readonly replica: CfnReplicaKey;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly config: Config;
      readonly region: string;
      /** The multi-Region key at home. */
      readonly key: IKey;
    },
  ) {
    const { config, region, key } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.replicaKeyStack,
      description: `certkeep: the key of ${names.installation} in ${region}.`,
      env: { account: config.home.account, region },
    });
    readWeakly(this);
    this.replica = new CfnReplicaKey(this, 'Key', {
      primaryKeyArn: key.keyArn,
      description: `The copies of ${names.installation}.`,
      keyPolicy: new PolicyDocument({ statements: [keyBelongsToAccount()] }),
      pendingWindowInDays: pendingWindow.toDays(),
    });
    this.replica.applyRemovalPolicy(outlivesStack);
  }
}

/** Without this statement, as at home, nobody could ever change the key's policy again. */
function keyBelongsToAccount(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions: ['kms:*'],
    resources: ['*'],
  });
}
