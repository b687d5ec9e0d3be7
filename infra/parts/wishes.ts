import { CfnAlias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { accountWishes } from '#shared/acquire/account/entrance.ts';
import { type WishName, wishes } from '#shared/check/entrance.ts';

const descriptions: Readonly<Record<WishName, string>> = {
  retry: 'Does at once what waits after a failure. Issues nothing that is not due.',
  force: 'Issues a new certificate, within the limits of the CA.',
  override:
    'Issues a new certificate although a limit of the CA is used up, once a day per certificate.',
  pause: 'Lets no renewal begin until a given time, or until little is left of a certificate.',
  resume: 'Ends a pause.',
  rollback: 'Puts an earlier version of a certificate back into service.',
  bar: 'Keeps a version of a certificate out of service.',
  revoke: 'Has the CA revoke a version of a certificate, once another one is served.',
  rehearse:
    'Tries the next renewal at the staging directory of the CA. Issues nothing, and takes nothing of its limits.',
  approve: 'Has a resource that carries the tag of a certificate get it.',
  withdraw: 'Takes an approval back, or declines it. Changes nothing at the resource.',
  unbar: 'Lets a barred version be put into service again.',
};

/**
 * Creates an alias of check for each request that people may make: `lambda:InvokeFunction` on an alias is a separate right.
 * The aliases point to the deployed code, so no versions are published.
 */
export function createWishes(scope: Construct, check: LambdaFunction): void {
  for (const name of wishes) createAlias(scope, 'Check', check, name, descriptions[name]);
}

const accountDescriptions: Readonly<Record<(typeof accountWishes)[number], string>> = {
  roll: 'Replaces the key of an account at a CA.',
  deactivate: 'Ends an account at a CA that no certificate uses.',
};

/** The same for accounts at CAs, of which only issue has the keys. */
export function createAccountWishes(scope: Construct, issue: LambdaFunction): void {
  for (const name of accountWishes) {
    createAlias(scope, 'Issue', issue, name, accountDescriptions[name]);
  }
}

function createAlias(
  scope: Construct,
  prefix: string,
  { functionName }: LambdaFunction,
  name: string,
  description: string,
): void {
  new CfnAlias(scope, `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
    ...{ name, description, functionName },
    functionVersion: '$LATEST',
  });
}
