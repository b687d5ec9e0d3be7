import type { Invocation } from '#shared/time/invocation.ts';

/**
 * What people ask check for beside its own work, each an alias of its function: to IAM these are three resources, so
 * that a right to one is none to another, and none of them is the schedule's.
 */
export const wishes = ['retry', 'force', 'override'] as const;

export type WishName = (typeof wishes)[number];

/** By which name check was asked. `wish` is null where the function itself was: by its schedule, or for a plan. */
export type Entrance = { readonly functionName: string; readonly wish: WishName | null };

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, with the alias behind it where one was asked. */
export function entranceOf({ invokedArn = '' }: Pick<Invocation, 'invokedArn'>): Entrance {
  const [, , , , , , functionName = 'certkeep-check', alias] = invokedArn.split(':');
  return { functionName, wish: wishes.find((each) => each === alias) ?? null };
}

/** The command of a person. */
export function commandFor(functionName: string, wish: WishName | null, payload: object): string {
  const qualified = wish ? `${functionName}:${wish}` : functionName;
  const written = JSON.stringify(payload).replaceAll("'", "'\\''");
  return `echo '${written}' | aws lambda invoke --function-name ${qualified} --payload fileb:///dev/stdin answer.json`;
}
