import { homeAccount } from '#local/wire/accounts.ts';

/** `issue` is deployed as `certkeep-issue`. */
export function lambdaName(functionName: string): string {
  return `certkeep-${functionName}`;
}

export function functionArn(region: string, functionName: string): string {
  return `arn:aws:lambda:${region}:${homeAccount}:function:${lambdaName(functionName)}`;
}
