import type { Fuzz } from './fuzz.ts';
import { acmeAnswers, acmeFloods } from './fuzzes/acme.ts';
import {
  describedVersions,
  issuedCertificates,
  privateKeys,
  randomDer,
  readCertificates,
} from './fuzzes/certificates.ts';
import { challengePaths } from './fuzzes/challenges.ts';
import { dnsAnswers } from './fuzzes/dns.ts';
import { endpoints } from './fuzzes/endpoints.ts';
import { longTexts } from './fuzzes/patterns.ts';
import {
  changedRevocationLists,
  largeRevocationLists,
  signedRevocationLists,
} from './fuzzes/revocation-lists.ts';
import { configurations, largeRecords, records } from './fuzzes/texts.ts';

export const fuzzes: readonly Fuzz[] = [
  signedRevocationLists,
  changedRevocationLists,
  largeRevocationLists,
  issuedCertificates,
  readCertificates,
  describedVersions,
  privateKeys,
  randomDer,
  challengePaths,
  dnsAnswers,
  configurations,
  records,
  largeRecords,
  acmeAnswers,
  acmeFloods,
  endpoints,
  longTexts,
];
