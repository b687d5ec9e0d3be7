import { type CheckRequest, check } from '#shared/acquire/check.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';

export function composeCheck(foundation: Foundation): Run<CheckRequest> {
  return (request, invocation) => check(foundation, request, invocation);
}
