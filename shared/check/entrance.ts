import type { Invocation } from '#shared/time/invocation.ts';

/**
 * The wishes that people have, each an alias of check's function: to IAM these are five resources, so that a right to one
 * gives no right to another, and the schedule uses none of them.
 */
export const wishes = [
  'retry',
  'force',
  'override',
  'pause',
  'resume',
  'rollback',
  'bar',
  'unbar',
  'revoke',
  'rehearse',
  'approve',
  'withdraw',
] as const;

export type WishName = (typeof wishes)[number];

/** The name by which check was called. `wish` is null for the function itself: called by its schedule, or for a plan. */
export type Entrance = { readonly functionName: string; readonly wish: WishName | null };

/** Reads `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, followed by the alias if one was called. */
export function entranceOf({ invokedArn = '' }: Pick<Invocation, 'invokedArn'>): Entrance {
  const [, , , , , , functionName = 'certkeep-check', alias] = invokedArn.split(':');
  return { functionName, wish: wishes.find((each) => each === alias) ?? null };
}

/** Returns the command for a person. */
export function commandFor(functionName: string, wish: WishName | null, payload: object): string {
  const qualified = wish ? `${functionName}:${wish}` : functionName;
  const written = JSON.stringify(payload).replaceAll("'", "'\\''");
  return `echo '${written}' | aws lambda invoke --function-name ${qualified} --payload fileb:///dev/stdin answer.json`;
}
