import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { InvalidConfig, readConfig } from './config-file.ts';
import { type Timings, timingsSchema } from './pace.ts';
import { addStacks } from './stacks.ts';

/** The CDK app: `-c config=FILE` names another configuration than certkeep.yaml, `-c timings=JSON` other waits. */
const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
const app = new App({ context });

try {
  addStacks(app, {
    config: readConfig(app.node.tryGetContext('config') ?? 'certkeep.yaml'),
    timings: timingsOf(app.node.tryGetContext('timings')),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidConfig)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** On the command line it is JSON text; in cdk.json it may be an object. */
function timingsOf(given: unknown): Timings {
  const parsed = timingsSchema.safeParse(typeof given === 'string' ? json(given) : (given ?? {}));
  if (parsed.success) return parsed.data;
  throw new InvalidConfig(`The context "timings" is wrong:\n${z.prettifyError(parsed.error)}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidConfig(`The context "timings" is not JSON: ${text}`, cause);
  }
}
