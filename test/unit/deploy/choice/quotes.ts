export type Quote = { readonly page: string; readonly words: string };

const guides = 'https://docs.aws.amazon.com/elasticloadbalancing/latest';
const application = `${guides}/application/https-listener-certificates.html`;
const network = `${guides}/network/tls-listener-certificates.html`;
const classic = `${guides}/classic/elb-https-load-balancers.html`;

/** What both guides say, in the same words. */
function common(page: string) {
  return {
    byDefault: {
      page,
      words:
        'the default certificate is used only if a client connects without using the Server Name Indication (SNI) protocol to specify a hostname or if there are no matching certificates in the certificate list',
    },
    single: {
      page,
      words:
        'If the hostname provided by a client matches a single certificate in the certificate list, the load balancer selects this certificate.',
    },
    best: {
      page,
      words:
        'If a hostname provided by a client matches multiple certificates in the certificate list, the load balancer selects the best certificate that the client can support.',
    },
    key: { page, words: 'Public key algorithm (prefer ECDSA over RSA)' },
    length: { page, words: 'Key length (prefer the largest)' },
    /** Without a direction. */
    validity: { page, words: 'Validity period' },
    order: {
      page,
      words: 'Certificate selection is based on the following criteria in the following order',
    },
    wildcard: {
      page,
      words:
        'the asterisk (*) must be in the leftmost position of the domain name and can protect only one subdomain level',
    },
    apex: {
      page,
      words:
        '*.example.com protects only the subdomains of example.com, it does not protect the bare or apex domain (example.com)',
    },
    moreNames: {
      page,
      words: 'add a Subject Alternative Name (SAN) for each additional domain to your certificate',
    },
  } as const satisfies Record<string, Quote>;
}

export const alb = {
  ...common(application),
  expiry: { page: application, words: 'Expiration (prefer not expired)' },
  hash: {
    page: application,
    words:
      'Hashing algorithm (prefer SHA over MD5). If there are multiple SHA certificates, prefer the highest SHA number.',
  },
  console: {
    page: application,
    words:
      'If you created the listener using the AWS Management Console, we added the default certificate to the certificate list for you.',
  },
  kept: {
    page: `${guides}/application/listener-update-certificates.html`,
    words:
      'to ensure that this certificate is used with the SNI protocol even if it is replaced as the default certificate',
  },
} as const satisfies Record<string, Quote>;

export const nlb = {
  ...common(network),
  /** Nothing of expiry, nothing of the number of the SHA. */
  hash: { page: network, words: 'Hashing algorithm (prefer SHA over MD5)' },
} as const satisfies Record<string, Quote>;

export const clb: Quote = {
  page: classic,
  words: 'Classic Load Balancers do not support Server Name Indication (SNI).',
};

export const caseOfNames: Quote = {
  page: 'https://www.rfc-editor.org/rfc/rfc4343',
  words: 'Domain Name System (DNS) names are "case insensitive".',
};
