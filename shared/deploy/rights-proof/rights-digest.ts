import { createHash } from 'node:crypto';
import { placePermissions } from '../permissions.ts';

/** The statements that a proof makes use of, in the order of its calls. */
export type ProvenStatement =
  | 'ImportNewCertificates'
  | 'RenewOwnCertificates'
  | 'DeleteOwnCertificates';

const proven: readonly string[] = [
  'ImportNewCertificates',
  'RenewOwnCertificates',
  'DeleteOwnCertificates',
] satisfies readonly ProvenStatement[];

/** What the statements allow, without what they say of themselves: other rights have to be proven anew. */
export const rightsDigest = createHash('sha256')
  .update(
    JSON.stringify(
      placePermissions
        .filter(({ sid }) => proven.includes(sid))
        .map(({ reason: _, stages: __, ...allowed }) => allowed),
    ),
  )
  .digest('hex');
