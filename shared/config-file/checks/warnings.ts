import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../draft.ts';
import { freezesFitLives } from './certificates/freezes.ts';
import { ordersAreQuickEnough, rulesHaveRoom } from './certificates/large-orders.ts';
import { windowsOpen } from './certificates/maintenance.ts';
import { repeatedNames } from './certificates/overlap.ts';
import { privateNamesAreMeant } from './certificates/private-names.ts';
import { alertsFitLives, renewalsFitLives } from './certificates/renewals.ts';
import { namesStandOnce } from './certificates/twins.ts';
import { regionsMayBeNew } from './installation/regions.ts';
import { certificatesThatCost } from './issuers/authorities.ts';
import { somebodyIsTold } from './issuers/contacts.ts';
import { directoriesAreKnown, issuersDiffer } from './issuers/directories.ts';
import { pluginsHaveNoDoubt } from './plugins.ts';
import { solversAreUsed } from './solvers/unused-solvers.ts';
import { looksFitIntoAnHour } from './targets/listener-limits.ts';
import { namesHaveOneAnswer } from './targets/shared-names.ts';

/** What is no mistake of a sound file, but perhaps a sign of one. */
export const warnings: readonly ((draft: Draft) => readonly Finding[])[] = [
  // Somebody hears of failures.
  somebodyIsTold,
  // A region is one that is known.
  regionsMayBeNew,
  // Of a CA's directories the limits are known; of two issuers one goes on where the other fails.
  directoriesAreKnown,
  issuersDiffer,
  // A solver that has rights is used.
  solversAreUsed,
  // Days and hours fit the life of what is issued.
  renewalsFitLives,
  alertsFitLives,
  // Renewals may start at some time of the week.
  windowsOpen,
  freezesFitLives,
  // An internal name is meant to be one.
  privateNamesAreMeant,
  // One certificate is enough for the same names.
  namesStandOnce,
  // A name is written once.
  repeatedNames,
  // A CA issues for free what is asked of it.
  certificatesThatCost,
  // Of two certificates on one listener each gets to its clients.
  namesHaveOneAnswer,
  // What a plugin warns of in the entries that name it: `warnings` of its spec.
  pluginsHaveNoDoubt,
  // The names of a certificate can be proven together, while the CA waits for it.
  rulesHaveRoom,
  ordersAreQuickEnough,
  // What somebody changes at a listener is seen within the hour.
  looksFitIntoAnHour,
];
