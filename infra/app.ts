import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { InvalidConfig, readConfig } from './config-file.ts';
import { addStacks } from './stacks.ts';
import { readTimings } from './timings.ts';

/** The CDK app. `-c config=FILE` names another configuration than certkeep.yaml; `-c timings=JSON` sets other waits. */
const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
const app = new App({ context });

try {
  addStacks(app, {
    config: readConfig(app.node.tryGetContext('config') ?? 'certkeep.yaml'),
    timings: readTimings(app.node.tryGetContext('timings')),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidConfig)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
