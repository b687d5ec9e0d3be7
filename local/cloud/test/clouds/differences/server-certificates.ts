import { accepted, type Difference, motoDiffers } from '../difference.ts';

const api = 'https://docs.aws.amazon.com/IAM/latest/APIReference';
const uploadPage = `${api}/API_UploadServerCertificate.html`;
const setPage =
  'https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SetLoadBalancerListenerSSLCertificate.html';

/** Server certificates: moto keeps what it is sent by its name, and checks nothing of it. */
export const serverCertificateDifferences: readonly Difference[] = motoDiffers(
  'IAM, server certificates',
  [
    [
      'the tags of an upload are read back',
      'they are gone',
      /expected undefined to deeply equal/,
      `${api}/API_ServerCertificate.html`,
    ],
    ['a second upload of a name is refused', 'it replaces the first', accepted, uploadPage],
    [
      'a name is taken at every path of the account',
      'the second replaces the first',
      accepted,
      uploadPage,
    ],
    ['a key of another certificate is refused', 'taken', accepted, uploadPage],
    ['a body that is no certificate is refused', 'taken', accepted, uploadPage],
    ['a chain that did not sign it is refused', 'taken', accepted, uploadPage],
    [
      'a list holds those below a path',
      'PathPrefix is ignored',
      /to not include 'server-/,
      `${api}/API_ListServerCertificates.html`,
    ],
    [
      'the twenty-first of an account is refused',
      'taken',
      accepted,
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    ],
    [
      'one on a listener is in use and cannot be deleted',
      'deleted',
      accepted,
      `${api}/API_DeleteServerCertificate.html`,
    ],
    ['one that IAM does not have is not found for a listener', 'bound', accepted, setPage],
  ],
);
