// certkeep inside a CDK app of your own: `npx cdk synth --app 'node examples/own-app/app.ts'` in this folder's project.
import { App, Stack } from 'aws-cdk-lib';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Certkeep } from 'certkeep';
import { readConfig } from 'certkeep/config';

const config = readConfig('certkeep.example.yaml');
const { account, region } = config.home;
const platform = new Stack(new App(), 'Platform', { env: { account, region } });
const certkeep = new Certkeep(platform, 'Certkeep', { config });
certkeep.topic.addSubscription(new UrlSubscription('https://chat.example.com/hooks/certificates'));
