import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../draft.ts';
import { idsAreUsable } from './certificates/ids.ts';
import { wildcardsDoNotOverlap } from './certificates/overlap.ts';
import { publicNamesAreIssued } from './certificates/private-names.ts';
import { renewalsAreSaidOnce } from './certificates/renewals.ts';
import { breakGlassIsOfHome } from './installation/break-glass.ts';
import { retiredSolversAreOfOnePartition } from './installation/partitions.ts';
import { regionsExist } from './installation/regions.ts';
import { replicasAreElsewhere } from './installation/replicas.ts';
import {
  authoritiesGetTheirDue,
  authoritiesTakeCertificates,
  issuersAreOfOneKind,
} from './issuers/authorities.ts';
import { contactsCanBeReached } from './issuers/contacts.ts';
import { directoriesHavePaths } from './issuers/directories.ts';
import { issuersExist } from './issuers/issuers.ts';
import { pluginsAreSatisfied } from './plugins.ts';
import { retiredSolversAreLeft } from './solvers/retired-solvers.ts';
import { solversCoverNames } from './solvers/solvers.ts';
import { placesCanBeReached } from './targets/places.ts';
import { retiredPlacesAreLeft } from './targets/retired-places.ts';
import { targetsServeKeys } from './targets/target-keys.ts';
import { targetsHaveOneOwner } from './targets/target-owners.ts';

/** What the schema cannot say, since it spans several parts of the file. */
export const checks: readonly ((draft: Draft) => readonly Finding[])[] = [
  // An id is part of object keys, secret names and tags.
  idsAreUsable,
  // A certificate names an issuer that is there.
  issuersExist,
  // A directory of a known CA is one, and its account one that it takes.
  directoriesHavePaths,
  contactsCanBeReached,
  // A name is one that its CAs could issue for.
  publicNamesAreIssued,
  // When to renew is said in one way.
  renewalsAreSaidOnce,
  // A CA is told what it asks for, and asked for what it gives.
  authoritiesGetTheirDue,
  authoritiesTakeCertificates,
  issuersAreOfOneKind,
  // No CA takes a name together with the wildcard that covers it.
  wildcardsDoNotOverlap,
  // Every name has a solver.
  solversCoverNames,
  // A role for emergencies can reach the buckets.
  breakGlassIsOfHome,
  // A target can serve the kind of key.
  targetsServeKeys,
  // Two certificates do not fight for one place on a listener.
  targetsHaveOneOwner,
  // A region is one that AWS has.
  regionsExist,
  // A target is where certkeep may act.
  placesCanBeReached,
  // A replica is a copy in another region of the same partition.
  replicasAreElsewhere,
  // What a plugin asks of the entries that name it: `checks` of its spec.
  pluginsAreSatisfied,
  // Nothing reaches from one partition into another.
  retiredSolversAreOfOnePartition,
  // What is retired is not in use any more.
  retiredSolversAreLeft,
  retiredPlacesAreLeft,
];
