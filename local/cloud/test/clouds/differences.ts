import type { Difference } from './difference.ts';
import { cloudfrontDifferences } from './differences/cloudfront.ts';
import { deliveryDifferences } from './differences/delivery.ts';
import { edgeDifferences } from './differences/edge.ts';
import { serverCertificateDifferences } from './differences/server-certificates.ts';
import { storeDifferences } from './differences/store.ts';

/** All of them, in the order of a certificate's path. */
export const differences: readonly Difference[] = [
  ...storeDifferences,
  ...edgeDifferences,
  ...serverCertificateDifferences,
  ...cloudfrontDifferences,
  ...deliveryDifferences,
];
