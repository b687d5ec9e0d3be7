import { s3BudgetBook } from '#shared/acquire/budgets/budget-book.ts';
import { type CheckRequest, check } from '#shared/acquire/check.ts';
import { plan } from '#shared/acquire/plan.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';

export function composeCheck(foundation: Foundation): Run<CheckRequest | { plan: number }> {
  const { clock, objects } = foundation;
  const ports = { ...foundation, budgetBook: s3BudgetBook(objects, clock) };
  return (request, invocation) =>
    'plan' in request ? plan(ports, { days: request.plan }) : check(ports, request, invocation);
}
