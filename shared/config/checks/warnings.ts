import type { Draft } from '../draft.ts';
import type { Finding } from '../problem.ts';
import { certificatesThatCost } from './authorities.ts';
import { ordersAreQuickEnough, rulesHaveRoom } from './large-orders.ts';
import { listsHaveRoom, looksFitIntoAnHour } from './listener-limits.ts';
import { repeatedNames } from './overlap.ts';
import { namesHaveOneAnswer } from './shared-names.ts';

/** What is no mistake of a sound file, but perhaps a sign of one. */
export const warnings: readonly ((draft: Draft) => readonly Finding[])[] = [
  // A name is written once.
  repeatedNames,
  // A CA issues for free what is asked of it.
  certificatesThatCost,
  // Of two certificates on one listener each gets to its clients.
  namesHaveOneAnswer,
  // A load balancer takes as many certificates as are listed there.
  listsHaveRoom,
  // The names of a certificate can be proven together, while the CA waits for it.
  rulesHaveRoom,
  ordersAreQuickEnough,
  // What somebody changes at a listener is seen within the hour.
  looksFitIntoAnHour,
];
