import { accepted, type Difference, motoDiffers } from '../difference.ts';

const acmApi = 'https://docs.aws.amazon.com/acm/latest/APIReference';
const importPage = `${acmApi}/API_ImportCertificate.html`;
const listPage = `${acmApi}/API_ListCertificates.html`;
const deletePage = `${acmApi}/API_DeleteCertificate.html`;
const acmGuide = 'https://docs.aws.amazon.com/acm/latest/userguide';
const reimportPage = `${acmGuide}/import-reimport.html`;
const prerequisitesPage = `${acmGuide}/import-certificate-prerequisites.html`;
const formatPage = `${acmGuide}/import-certificate-format.html`;
const elbApi = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const addPage = `${elbApi}/API_AddListenerCertificates.html`;
const albGuide = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application';
const nlbGuide = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network';
const setPage =
  'https://docs.aws.amazon.com/goto/WebAPI/elasticloadbalancing/SetLoadBalancerListenerSSLCertificate';
const classicGuide =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html';

/** ACM and the load balancers: what import and rebind rest on. */
export const edgeDifferences: readonly Difference[] = [
  ...motoDiffers('ACM, import', [
    [
      'the serial is printed in lower-case hex with a colon between bytes',
      'a decimal number. No page says the form in words; the examples of describe-certificate show it',
      /^expected '\d+/,
      null,
    ],
    [
      'the certificate and its chain are given back, the key never',
      'the chain has a root of Amazon more at its end',
      /BEGIN CERTIFICATE/,
      `${acmApi}/API_GetCertificate.html`,
    ],
    ['a key of another certificate is refused', 'imported', accepted, importPage],
    [
      'a certificate of a CA without its chain is refused',
      'imported. The pages of today leave it open; those of before asked for the chain, and certkeep always sends it',
      accepted,
      null,
    ],
    ['a chain that holds the leaf is refused', 'imported', accepted, formatPage],
    [
      'a certificate together with its chain in one member is refused',
      'imported',
      accepted,
      formatPage,
    ],
    [
      'a second import within a second is throttled',
      'nothing is throttled',
      accepted,
      `${acmGuide}/acm-limits.html`,
    ],
  ]),
  ...motoDiffers('ACM, re-import', [
    ['all names of before may not go', 'imported', accepted, reimportPage],
    ['another key type is refused', 'imported', accepted, reimportPage],
    ['another curve is refused', 'imported', accepted, reimportPage],
    ['another key size is refused', 'imported', accepted, reimportPage],
    ['keyEncipherment may not go from an RSA key', 'imported', accepted, reimportPage],
    ['serverAuth may not go', 'imported', accepted, reimportPage],
    ['KeyUsage may not go', 'imported', accepted, reimportPage],
    ['KeyUsage may not be added where there was none', 'imported', accepted, prerequisitesPage],
    [
      'ExtendedKeyUsage may not be added where there was none',
      'imported',
      accepted,
      prerequisitesPage,
    ],
    ['tags are refused', 'imported', accepted, importPage],
    [
      'the tags of the first import stay',
      'they are gone. No page says in words that they stay',
      /expected \[\] to deeply equal/,
      null,
    ],
  ]),
  ...motoDiffers('ACM, listing', [
    [
      'only RSA of 1024 and 2048 bits is shown when no key type is asked for',
      'all key types. The page itself says RSA_1024 and RSA_2048 in one place and RSA_2048 alone in another',
      /to deeply equal \[ 'RSA_1024', 'RSA_2048' \]/,
      listPage,
    ],
    [
      'a summary tells names, end and use without a description',
      'SubjectAlternativeNameSummaries are missing',
      /to match object \{ DomainName/,
      `${acmApi}/API_CertificateSummary.html`,
    ],
    [
      'pages of two lead through all of them once',
      'MaxItems is ignored',
      /to be less than or equal to 2/,
      listPage,
    ],
  ]),
  ...motoDiffers('ACM, tags', [
    [
      'a key that begins with aws: is refused',
      'refused as ValidationException, not as InvalidTagException',
      /expected ValidationException/,
      `${acmApi}/API_AddTagsToCertificate.html`,
    ],
  ]),
  ...motoDiffers('API Gateway, domain names', [
    [
      'a replaced certificate is shown',
      'moto has no UpdateDomainName',
      /Unexpected token '<'/,
      'https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateDomainName.html',
    ],
  ]),
  ...motoDiffers('ELBv2, default certificate', [
    [
      'an RSA key of 1024 bits is refused',
      'taken',
      accepted,
      `${albGuide}/https-listener-certificates.html`,
    ],
    [
      'an HTTPS listener without a certificate is refused',
      'created',
      accepted,
      `${elbApi}/API_CreateListener.html`,
    ],
    [
      'ModifyListener with two defaults is refused',
      'taken',
      accepted,
      `${elbApi}/API_ModifyListener.html`,
    ],
    [
      'a certificate on a listener is in use and cannot be deleted',
      'deleted, though InUseBy names the listener',
      accepted,
      deletePage,
    ],
    [
      'a second listener on a port is refused',
      'created',
      accepted,
      `${elbApi}/API_CreateListener.html`,
    ],
  ]),
  ...motoDiffers('ELBv2, SNI list', [
    [
      'DescribeListeners shows the default alone',
      'the SNI list as well',
      /to deeply equal \[ Array\(1\) \]/,
      `${elbApi}/API_Listener.html`,
    ],
    [
      'adding what is in the list already changes nothing',
      'it is in the list a second time',
      /to have a length of 2 but got 3/,
      addPage,
    ],
    [
      'the default cannot be removed',
      'no error, and nothing removed. The page names OperationNotPermitted and not the case; ELB answers `Default certificate cannot be removed` (hashicorp/terraform-provider-aws #19495)',
      accepted,
      `${elbApi}/API_RemoveListenerCertificates.html`,
    ],
    ['two certificates in one call are refused', 'both are added', accepted, addPage],
    ['IsDefault cannot be given', 'ignored', accepted, `${elbApi}/API_Certificate.html`],
    ['a certificate that ACM does not know is not found', 'added', accepted, addPage],
    [
      'another default leaves the list as it is',
      'the list is emptied',
      /to deeply equal \[ \[ …\(2\) \], \[ …\(2\) \] \]/,
      `${elbApi}/API_ModifyListener.html`,
    ],
    [
      'a load balancer takes 25 certificates besides its defaults, and no more',
      'the default counts among the 25',
      /reached the limit on the number of certificates/,
      `${albGuide}/load-balancer-limits.html`,
    ],
  ]),
  ...motoDiffers('ELBv2, network load balancer', [
    [
      'its ARNs have a form of their own',
      'those of an application load balancer',
      /to contain ':loadbalancer\/net\/'/,
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html',
    ],
    [
      'a TLS listener refuses an RSA key of 4096 bits',
      'taken',
      accepted,
      `${nlbGuide}/tls-listener-certificates.html`,
    ],
    [
      'a TLS listener without a certificate is refused',
      'created',
      accepted,
      `${elbApi}/API_CreateListener.html`,
    ],
    [
      'ModifyListener replaces the default',
      'the default stays',
      /to deeply equal \[ \[ …\(2\) \] \]/,
      `${elbApi}/API_ModifyListener.html`,
    ],
    [
      'another default leaves the ALPN policy as it is',
      'a policy is not changed by ModifyListener',
      /to deeply equal/,
      `${elbApi}/API_ModifyListener.html`,
    ],
  ]),
  ...motoDiffers('ELBv2, listener rules', [
    ['priorities go from 1 to 50,000', '0 is taken', accepted, `${elbApi}/API_CreateRule.html`],
    [
      'a host needs letters alone after its last dot',
      'taken',
      accepted,
      `${elbApi}/API_HostHeaderConditionConfig.html`,
    ],
    [
      'a response has at most 1,024 characters',
      'taken',
      accepted,
      `${elbApi}/API_FixedResponseActionConfig.html`,
    ],
    [
      'a load balancer takes 100 rules besides its defaults, and no more',
      'any number is taken',
      accepted,
      `${albGuide}/load-balancer-limits.html`,
    ],
    ['a rule cannot be deleted twice', 'no error', accepted, `${elbApi}/API_DeleteRule.html`],
    [
      'the default rule cannot be deleted',
      'the server fails',
      /XML parse error/,
      `${elbApi}/API_DeleteRule.html`,
    ],
  ]),
  ...motoDiffers('ELBv2, listing of rules', [
    [
      'the tags of a rule that is not there are not found',
      'it has none',
      accepted,
      `${elbApi}/API_DescribeTags.html`,
    ],
    [
      'the tags of twenty resources come at once, and of no more',
      'those of any number do',
      accepted,
      `${elbApi}/API_DescribeTags.html`,
    ],
  ]),
  ...motoDiffers('Classic ELB', [
    [
      'a certificate that ACM does not know is not found',
      'CertificateNotFound, but bound all the same',
      /^expected 'arn:aws:acm/,
      setPage,
    ],
    ['a load balancer that is not there is not found', 'no error', accepted, setPage],
    ['a port without a listener is not found', 'no error', accepted, setPage],
    ['an ECDSA key from ACM is refused', 'taken', accepted, classicGuide],
    ['an RSA key of 4096 bits from ACM is refused', 'taken', accepted, classicGuide],
    [
      'a certificate on a listener is in use and cannot be deleted',
      'deleted',
      accepted,
      deletePage,
    ],
  ]),
];
