import { accepted, type Difference, motoDiffers } from '../difference.ts';

const api = 'https://docs.aws.amazon.com/cloudfront/latest/APIReference';
const updatePage = `${api}/API_UpdateDistribution.html`;
const guide = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';
const certificatePage = `${guide}/cnames-and-https-requirements.html`;

/** Distributions: moto keeps what it is sent, and checks nothing of it. */
export const cloudfrontDifferences: readonly Difference[] = motoDiffers('CloudFront', [
  ['a change gives the configuration another ETag', 'the same one', /not to be '/, updatePage],
  ['a change with an ETag from before another change is refused', 'taken', accepted, updatePage],
  ['a certificate that does not cover every alias is refused', 'taken', accepted, certificatePage],
  ['a certificate in another region is refused', 'taken', accepted, certificatePage],
  ['an ECDSA key on P-521 is refused', 'taken', accepted, certificatePage],
  [
    'a second change of the certificate waits for the first',
    'taken. No page says so; CloudFront answers `Only one viewer certificate change may be in progress at a time` (hashicorp/terraform #13495)',
    accepted,
    null,
  ],
  [
    'a change is in progress, and later deployed',
    'deployed at once',
    /expected 'Deployed' to be 'InProgress'/,
    `${api}/API_Distribution.html`,
  ],
  [
    'a distribution with a continuous deployment policy keeps its certificate',
    'taken',
    accepted,
    `${guide}/understanding-continuous-deployment.html`,
  ],
  [
    'a certificate of a distribution is in use and cannot be deleted',
    'InUseBy is empty',
    /expected \[\] to deeply equal \[ Array\(1\) \]/,
    'https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html',
  ],
  [
    'distributions are listed in pages',
    'all of them on one page',
    /to have a length of 1 but got/,
    `${api}/API_ListDistributions.html`,
  ],
]);
