import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../draft.ts';
import { idsAreUsable, secondIdsAreFree } from './certificates/ids.ts';
import { wildcardsDoNotOverlap } from './certificates/overlap.ts';
import { publicNamesAreIssued } from './certificates/private-names.ts';
import { renewalsAreSaidOnce } from './certificates/renewals.ts';
import {
  addressesChooseLittle,
  addressesStandOnce,
  ownersFitIntoMessages,
} from './installation/addresses.ts';
import { breakGlassIsOfHome } from './installation/break-glass.ts';
import { ownKeyReachesReplicas, ownKeysAreOfHome } from './installation/own-key.ts';
import { keyOfOwnTopicFits, ownTopicCanBeReached } from './installation/own-topic.ts';
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
import { rehearsalsAreElsewhere } from './issuers/rehearsals.ts';
import { pluginsAreSatisfied } from './plugins.ts';
import { retiredSolversAreLeft } from './solvers/retired-solvers.ts';
import { solversCoverNames } from './solvers/solvers.ts';
import { discoveryLooksWhereItMay } from './targets/discovery-places.ts';
import { placesCanBeReached } from './targets/places.ts';
import { retiredPlacesAreLeft } from './targets/retired-places.ts';
import { probesAreNearTargets, rolloutsNamePlaces } from './targets/rollouts.ts';
import { domainsAreCovered } from './targets/served-names.ts';
import { targetsServeKeys } from './targets/target-keys.ts';
import { targetsHaveOneOwner } from './targets/target-owners.ts';
import { targetsGetTrustedOnly } from './targets/trusted-only.ts';

/** The rules that the schema cannot express, since they span several parts of the file. */
export const checks: readonly ((draft: Draft) => readonly Finding[])[] = [
  // An id is part of object keys, secret names and tags.
  idsAreUsable,
  secondIdsAreFree,
  // A certificate names an issuer that exists.
  issuersExist,
  // The directory of a known CA has a path, and its account an address that it accepts.
  directoriesHavePaths,
  contactsCanBeReached,
  // A CA of the certificate could issue for its names.
  publicNamesAreIssued,
  // Only one setting says when to renew.
  renewalsAreSaidOnce,
  // An issuer has what its CA requires, and asks for what the CA issues.
  authoritiesGetTheirDue,
  authoritiesTakeCertificates,
  issuersAreOfOneKind,
  // Rehearsals count against no limit of the CA that issues.
  rehearsalsAreElsewhere,
  // No CA accepts a name together with the wildcard that covers it.
  wildcardsDoNotOverlap,
  // Every name has a solver.
  solversCoverNames,
  // The role for emergencies can reach the buckets.
  breakGlassIsOfHome,
  // An address stands once, and chooses no more than SNS takes.
  addressesStandOnce,
  addressesChooseLittle,
  ownersFitIntoMessages,
  // A topic of the user is within reach, and its key is its own.
  ownTopicCanBeReached,
  keyOfOwnTopicFits,
  // A key of the user is where the secrets are, and where their copies are.
  ownKeysAreOfHome,
  ownKeyReachesReplicas,
  // A target can serve the certificate's kind of key.
  targetsServeKeys,
  targetsGetTrustedOnly,
  // A domain name gets a certificate that covers it.
  domainsAreCovered,
  // Two certificates do not compete for one place on a listener.
  targetsHaveOneOwner,
  // A rollout names places that have targets.
  rolloutsNamePlaces,
  // Discovery looks where certkeep may act.
  discoveryLooksWhereItMay,
  // A probe is near a target.
  probesAreNearTargets,
  // AWS has the region.
  regionsExist,
  // certkeep may act where the target is.
  placesCanBeReached,
  // A replica is a copy in another region of the same partition.
  replicasAreElsewhere,
  // A plugin's own `checks` accept the entries that name it.
  pluginsAreSatisfied,
  // Nothing reaches from one partition into another.
  retiredSolversAreOfOnePartition,
  // Nothing retired is still in use.
  retiredSolversAreLeft,
  retiredPlacesAreLeft,
];
