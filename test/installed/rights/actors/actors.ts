import {
  account,
  allow,
  policy,
  roleArn,
  type Statement,
  trusting,
} from 'local-cloud/kit/iam-lab.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import { roleSession } from 'local-cloud/wire/accounts.ts';
import type { World } from '#test/support/world.ts';

export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** Somebody who wants something that is not theirs, with their credentials. */
export type Actor = {
  /** The head of a column. */
  readonly name: string;
  /** The text for people, below the table. */
  readonly who: string;
  keysIn(world: World): Keys;
};

/** Returns an actor that stole the session of a running function's role. */
function stolen(stage: string): Actor {
  return {
    name: stage,
    who: `whoever has taken the session of the role of ${stage}`,
    keysIn(world) {
      const all = [...world.cloud.lambda.functions.values()];
      const deployed = all.find((one) => stageOf(one) === stage);
      if (!deployed) throw new Error(`there is no function ${stage}`);
      return roleKeys(world.cloud.accounts)(deployed);
    },
  };
}

/** Returns a person of the account who has only this permission. */
function person(
  name: string,
  who: string,
  statements: (world: World) => readonly Statement[],
): Actor {
  return {
    name,
    who,
    keysIn({ cloud, ...world }) {
      const arn = roleArn(`person-${name.replaceAll(/\W/g, '-')}`);
      const document = policy(...statements({ cloud, ...world } as World));
      const trustPolicy = trusting({ AWS: `arn:aws:iam::${account}:root` });
      cloud.iam.putRole({ arn, trustPolicy, policies: [{ name: 'only', document }] });
      const session = roleSession({ role: arn, sessionName: 'person', caller: null });
      if (!session) throw new Error(`${arn} is no role`);
      const accessKeyId = `ASIA${name.replaceAll(/\W/g, '').toUpperCase()}`;
      cloud.accounts.register(accessKeyId, session);
      return { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' };
    },
  };
}

const functionArn = (world: World, stage: string) =>
  `arn:aws:lambda:us-east-1:${account}:function:${world.names.functionName(stage)}`;

export const actors: readonly Actor[] = [
  ...['check', 'issue', 'deploy', 'verify', 'sync', 'alert', 'challenge'].map(stolen),
  person('PutObject', 'a person with `s3:PutObject` on the bucket and nothing else', (world) => [
    allow('s3:PutObject', `arn:aws:s3:::${world.names.bucket}/*`),
  ]),
  person(
    'Invoke',
    'a person with `lambda:InvokeFunction` on every function, without a qualifier',
    (world) => [
      allow(
        'lambda:InvokeFunction',
        ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'].map((stage) =>
          functionArn(world, stage),
        ),
      ),
    ],
  ),
  person(
    'Import',
    'a person with `acm:ImportCertificate` and `acm:AddTagsToCertificate` where a target is',
    () => [allow(['acm:ImportCertificate', 'acm:AddTagsToCertificate'], '*')],
  ),
];
