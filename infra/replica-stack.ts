import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from './names.ts';
import { createAlias, createBucket, outlivesStack } from './parts/storage.ts';

/** What keeps a copy in a further region: a bucket, and a replica of the home region's key. */
export class CertkeepReplicaStack extends Stack {
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
    const { config, region, key: primary } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.replicaStack,
      description: `certkeep: the copy of ${names.installation} in ${region}.`,
      env: { account: config.home.account, region },
    });
    // Reads an output of the home stack, without the custom resources that exports across regions need.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const replica = new CfnReplicaKey(this, 'Key', {
      primaryKeyArn: primary.keyArn,
      description: `The copies of ${names.installation}.`,
      keyPolicy: new PolicyDocument({ statements: [keyBelongsToAccount()] }),
    });
    replica.applyRemovalPolicy(outlivesStack);
    createAlias(this, names.keyAlias, replica.ref);
    const key = Key.fromKeyArn(this, 'ReplicaKey', replica.attrArn);
    createBucket(this, names.replicaBucket(region), key);
  }
}

/** As for the key at home: without it nobody could ever change the key's policy again. */
function keyBelongsToAccount(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions: ['kms:*'],
    resources: ['*'],
  });
}
