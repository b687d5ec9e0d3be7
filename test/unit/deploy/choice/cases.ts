import { applicationNames } from './application-names.ts';
import { applicationOrder } from './application-order.ts';
import { applicationUnknown } from './application-unknown.ts';
import type { ChoiceCase } from './case.ts';
import { classicCases } from './classic-cases.ts';
import { networkCases } from './network-cases.ts';

export type Kind = 'alb' | 'nlb' | 'single';

/** What AWS's pages decide, and what they leave open, typed from them by hand. */
export const cases: readonly (ChoiceCase & { readonly kind: Kind })[] = [
  ...of('alb', [...applicationNames, ...applicationOrder, ...applicationUnknown]),
  ...of('nlb', networkCases),
  ...of('single', classicCases),
];

function of(kind: Kind, given: readonly ChoiceCase[]) {
  return given.map((each) => ({ ...each, kind }));
}
