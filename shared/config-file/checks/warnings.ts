import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../draft.ts';
import { freezesFitLives } from './certificates/freezes.ts';
import { rulesHaveRoom } from './certificates/large-orders.ts';
import { windowsOpen } from './certificates/maintenance.ts';
import { repeatedNames } from './certificates/overlap.ts';
import { privateNamesAreMeant } from './certificates/private-names.ts';
import { alertsFitLives, renewalsFitLives } from './certificates/renewals.ts';
import { namesStandOnce } from './certificates/twins.ts';
import { addressesMayHear, everythingIsHeard } from './installation/audience.ts';
import { homeIsWatched } from './installation/home-watch.ts';
import { regionsMayBeNew } from './installation/regions.ts';
import { certificatesThatCost } from './issuers/authorities.ts';
import { somebodyIsTold } from './issuers/contacts.ts';
import { directoriesAreKnown, issuersDiffer } from './issuers/directories.ts';
import { pluginsHaveNoDoubt } from './plugins.ts';
import { solversAreUsed } from './solvers/unused-solvers.ts';
import { looksFitIntoAnHour } from './targets/listener-limits.ts';
import { namesHaveOneAnswer } from './targets/shared-names.ts';

/** Signs of a possible mistake in a valid file. */
export const warnings: readonly ((draft: Draft) => readonly Finding[])[] = [
  // Somebody receives the failures.
  somebodyIsTold,
  // Somebody outside notices that the home region is away.
  homeIsWatched,
  // Whatever happens to a certificate or to the installation, an address hears of it, and each address may hear something.
  everythingIsHeard,
  addressesMayHear,
  // The region is known.
  regionsMayBeNew,
  // The limits of a CA's directory are known, and two issuers do not fail together.
  directoriesAreKnown,
  issuersDiffer,
  // A solver with rights proves some name.
  solversAreUsed,
  // Days and hours fit the lifetime of the certificates.
  renewalsFitLives,
  alertsFitLives,
  // Renewals may start at some time of the week.
  windowsOpen,
  freezesFitLives,
  // An internal name is intended.
  privateNamesAreMeant,
  // One certificate is enough for the same names.
  namesStandOnce,
  // A name is written once.
  repeatedNames,
  // The CA issues this certificate for free.
  certificatesThatCost,
  // Each of two certificates on one listener reaches its clients.
  namesHaveOneAnswer,
  // A plugin's own `warnings` about the entries that name it.
  pluginsHaveNoDoubt,
  // The names of a certificate can be proven together.
  rulesHaveRoom,
  // A change at a listener is seen within the hour.
  looksFitIntoAnHour,
];
