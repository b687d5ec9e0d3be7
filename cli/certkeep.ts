#!/usr/bin/env node
import { version } from '#shared/user-agent.ts';

const usage = `Usage: npx certkeep --version | --help

certkeep keeps TLS certificates renewed on AWS and proves that the endpoints serve them. This
package has its CDK construct (import { Certkeep } from 'certkeep'), which installs it.

In a checkout of certkeep:
  npx cdk deploy --all          installs what certkeep.yaml says, without an app of yours
  npm start                     plays a fleet in a local cloud
  npm run smoke -- --help       a first trial in a real account
  npm run go-back -- --help     prepares going back to the release before`;

const [option, ...others] = process.argv.slice(2);
if (option === '--version' && others.length === 0) {
  console.log(version);
} else if (option === '--help' && others.length === 0) {
  console.log(usage);
} else {
  console.error(usage);
  process.exitCode = 2;
}
