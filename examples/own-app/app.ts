// certkeep inside a CDK app of your own, which has it as a package (examples/README.md).
import { App, Stack } from 'aws-cdk-lib';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Certkeep } from 'certkeep';
import { readConfig } from 'certkeep/config';
import { addKeyStack, addReplicaStacks } from 'certkeep/stacks';

const app = new App();
const config = readConfig('certkeep.example.yaml');
const { account, region } = config.home;
const platform = new Stack(app, 'Platform', { env: { account, region } });
const { key } = addKeyStack(app, config);
const copies = addReplicaStacks(app, { config, key });
for (const before of [Stack.of(key), ...copies]) platform.addStackDependency(before);
const certkeep = new Certkeep(platform, 'Certkeep', { config, key });
certkeep.topic.addSubscription(new UrlSubscription('https://chat.example.com/hooks/certificates'));
