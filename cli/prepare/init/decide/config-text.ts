import { directoryNamed } from '#shared/issuers/acme/directories.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import type { Found, FoundZone } from '../facts.ts';
import type { Candidate, Unmanaged } from './survey.ts';
import type { BoundTarget } from './targets-of.ts';

/** What the file is made of. */
export type Draft = {
  readonly found: Pick<Found, 'account' | 'unseen'>;
  /** The home region. */
  readonly region: string;
  readonly candidates: readonly Candidate[];
  readonly unmanaged: readonly Unmanaged[];
  /** So many certificates certkeep keeps in these regions already. */
  readonly kept: number;
  readonly emails: readonly string[];
  /** Somebody has read the terms of the CA, and has agreed. */
  readonly hasAgreed: boolean;
  readonly now: Date;
};

export const terms = 'https://letsencrypt.org/repository/';

/** Writes the configuration file, with comments that say what each part is for. Pure. */
export function configText(draft: Draft): string {
  const { found, kept } = draft;
  const { account } = found;
  const blocks = [
    [
      `# What certkeep keeps renewed, and where. \`npx certkeep init\` has written it on ${day(draft.now)}, from what it`,
      `# found in account ${account}. docs/configuration.md describes every key. Nothing secret belongs into this file.`,
      ...(kept === 0
        ? []
        : [
            `# certkeep keeps ${kept} here already. Put the certificates below into the file of that installation: deployed in its`,
            '# place, this one would take the others away. `npx certkeep diff` says what a file changes.',
          ]),
    ],
    [
      '# Where certkeep itself runs.',
      'home:',
      `  account: "${account}"`,
      `  region: ${draft.region}`,
    ],
    alertLines(draft),
    issuerLines(draft),
    solverLines(draft),
    certificateLines(draft),
    unmanagedLines(draft),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function comment(text: string): string {
  return `# ${oneLine(text, longestComment)}`;
}

const longestComment = 1_000;

/** Plain where YAML reads it as the same text; in quotes otherwise. */
function yaml(text: string): string {
  const isPlain = /^(?:arn:[\w:/.-]+|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)$/i.test(text);
  return isPlain && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function alertLines({ emails }: Draft): readonly string[] {
  if (emails.length === 0) {
    return [
      '# Nobody hears of anything yet: name addresses, which AWS asks to confirm first.',
      '# alerts:',
      '#   email: [ops@your-domain]',
    ];
  }
  return [
    '# Who hears of what happens. AWS asks every address to confirm before it sends anything.',
    'alerts:',
    '  email:',
    ...emails.map((email) => `    - ${JSON.stringify(email)}`),
  ];
}

function issuerLines({ hasAgreed }: Draft): readonly string[] {
  return [
    '# The certificate authority. While trying things out, write letsencrypt-staging: clients trust none of its certificates.',
    'issuers:',
    '  letsencrypt:',
    '    type: acme',
    `    directory: letsencrypt # ${directoryNamed('letsencrypt')}`,
    ...(hasAgreed
      ? [`    termsOfServiceAgreed: true # ${terms}`]
      : [
          `    # Read ${terms} first. If you agree, take away the # of the next line.`,
          '    # termsOfServiceAgreed: true',
        ]),
  ];
}

function solverLines({ candidates }: Draft): readonly string[] {
  const zones = [
    ...new Map(candidates.flatMap((each) => each.zones).map((zone) => [zone.id, zone])).values(),
  ];
  return [
    '# How certkeep proves that the names are yours: a TXT record in the public hosted zone of each.',
    'solvers:',
    ...zones
      .toSorted(byName)
      .flatMap(({ id, name }) => [
        '  - type: route53',
        `    hostedZoneId: ${id}`,
        '    selector:',
        `      dnsZones: [${yaml(name)}]`,
      ]),
  ];
}

function byName(one: FoundZone, other: FoundZone): number {
  return one.name < other.name ? -1 : 1;
}

function certificateLines({ candidates, now, region }: Draft): readonly string[] {
  return [
    '# The certificates, each under an id of yours: certkeep issues each anew, and binds it at the listeners below, where the',
    '# imported one is now. "adopt: in-place" imports it over the present one instead, if it has the same kind of key.',
    'certificates:',
    ...candidates.flatMap((each, index) => [
      ...(index === 0 ? [] : ['']),
      ...oneCertificate(each, now, region),
    ]),
  ];
}

function oneCertificate(candidate: Candidate, now: Date, home: string): readonly string[] {
  const { alsoUsedBy, arns, covered, id, key, names, notAfter, targets } = candidate;
  const ends =
    notAfter === null ? '' : `, ${notAfter <= now ? 'ended' : 'ends'} on ${day(notAfter)}`;
  return [
    `  ${id}:`,
    `    ${comment(`Now ${arns.join(', ')}${ends}.`)}`,
    ...alsoUsedBy.map(
      (user) =>
        `    ${comment(`${user} uses the present one too, and keeps it, unless you write "adopt: in-place".`)}`,
    ),
    '    names:',
    ...names.map((name) => `      - ${yaml(name)}`),
    ...covered.map((name) => `      ${comment(`${name} is covered by the wildcard.`)}`),
    '    issuer: letsencrypt',
    `    key: ${key}`,
    '    adopt: new-arn',
    '    targets:',
    ...targets.flatMap(({ config, name }) => [
      `      ${comment(name)}`,
      `      - type: ${config.type}`,
      ...settingsOf(config, home).map((line) => `        ${line}`),
    ]),
  ];
}

function settingsOf(config: BoundTarget['config'], home: string): readonly string[] {
  switch (config.type) {
    case 'clb':
      return [
        `loadBalancer: ${JSON.stringify(config.loadBalancer)}`,
        `port: ${config.port}`,
        ...(config.region === home ? [] : [`region: ${config.region}`]),
      ];
    case 'cloudfront':
      return [`distribution: ${config.distribution}`];
    default:
      return [`listener: ${yaml(config.listener)}`, `certificate: ${config.certificate}`];
  }
}

function unmanagedLines({ found, unmanaged }: Draft): readonly string[] {
  const lines = [
    ...unmanaged.map(({ name, notAfter, why }) => {
      const ends = notAfter === null ? '' : `, ends on ${day(notAfter)}`;
      return comment(`- ${name}${ends}: ${why}.`);
    }),
    ...found.unseen.map(({ what, why }) => comment(`- ${what} could not be looked at: ${why}`)),
  ];
  return lines.length === 0
    ? []
    : ['# Not managed, so that somebody has to renew it by other means:', ...lines];
}
