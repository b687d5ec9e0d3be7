import { createHash } from 'node:crypto';
import { placePermissions } from '../permissions.ts';

/** The statements that a proof uses, in the order of its calls. */
export type ProvenStatement =
  | 'ImportNewCertificates'
  | 'RenewOwnCertificates'
  | 'DeleteOwnCertificates';

const proven: readonly string[] = [
  'ImportNewCertificates',
  'RenewOwnCertificates',
  'DeleteOwnCertificates',
] satisfies readonly ProvenStatement[];

/** Covers what the statements allow, without their descriptions: changed rights have to be proven anew. */
export const rightsDigest = createHash('sha256')
  .update(
    JSON.stringify(
      placePermissions
        .filter(({ sid }) => proven.includes(sid))
        .map(({ reason: _, stages: __, ...allowed }) => allowed),
    ),
  )
  .digest('hex');
