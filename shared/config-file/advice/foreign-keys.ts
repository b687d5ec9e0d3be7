type Meaning = readonly [form: RegExp, fix: string];

const noHooks =
  'Commands are not run: a rule on the event bus of the installation starts what is to act on a new certificate, and "npx certkeep export --reload" runs a command on a server.';
const noUsages =
  'Remove it: certificates are for servers, and the CA says what else. Public CAs no longer issue them for clients.';
const noExport =
  'Remove it: "npx certkeep export" writes the certificate and its key as PEM or PKCS #12 files, and whoever may read its secret has both.';
const noStaple =
  'Remove it: certkeep asks for no must-staple certificates, and Let’s Encrypt issues none any more.';
const onlyNames = 'Remove it: certkeep asks for DNS names only.';
const noStaticKeys =
  'Keys of AWS are not used: certkeep acts in its own role, or in one of another account: "roleArn:". The credentials of other services stand in a secret of Secrets Manager: "secret:".';
const noCounterpart = 'Remove it: this is of Kubernetes, and means nothing here.';
const noSchedule =
  'Remove it: certkeep checks every ten minutes, and renews when it is time. "maintenance:" says when renewals may start.';

/** The meaning of keys of other programs, however they are spelled, by the place where people write them. */
const meanings: Readonly<Record<string, readonly Meaning[]>> = {
  '': [
    [/^layers?$/i, 'Remove it: functions have no layers, everything that they need is in them.'],
    [/^(?:schedule|cron|rate|interval)$/i, noSchedule],
    [/hooks?$/i, noHooks],
  ],
  certificate: [
    [/(?:hooks?|commands?|cmd|scripts?)$/i, noHooks],
    [/^(?:reload|restart)/i, noHooks],
    [/staple/i, noStaple],
    [/^ip(?:s|-?names?|-?addresses|-?sans?)?$/i, onlyNames],
    [/^(?:uris?|emails?-?(?:addresses|sans?)|other-?names)$/i, onlyNames],
    [/usages?$|^client-?auth/i, noUsages],
    [
      /export|outputs?$|output-?formats$|passphrase|keystores?$|^(?:pem|pfx|p12|pkcs-?12|jks)/i,
      noExport,
    ],
    [
      /^(?:literal-?)?subject$|^(?:organi[sz]ation|country|locality|province|ou|cn)/i,
      'Remove it: CAs that prove names alone leave it out.',
    ],
    [/^(?:is-?ca|name-?constraints|max-?path-?len)/i, 'Remove it: certificates are for servers.'],
    [/^(?:secret-?template|labels|annotations|revision-?history)/i, noCounterpart],
    [/^(?:schedule|cron|rate|interval|check-?interval)$/i, noSchedule],
  ],
  issuer: [
    [
      /(?:account|private)-?key(?:-?(?:file|pem|secret))?$/i,
      'Remove it: certkeep makes and keeps the key of the account itself.',
    ],
    [
      /skip-?tls|insecure|no-?verify/i,
      'Remove it: no CA is asked without verification. Write the root of a private CA as "caBundle:".',
    ],
  ],
  solver: [
    [/access-?key|secret-?key|^aws-?(?:profile|credentials)|^profile$/i, noStaticKeys],
    [
      /^(?:propagation|ttl|wait|sleep|dns-?sleep|polling|timeout)/i,
      'Remove it: certkeep asks the servers of the zone until they have the value.',
    ],
  ],
};

const places: Readonly<Record<string, string>> = {
  'certificates.*': 'certificate',
  'issuers.*': 'issuer',
  'solvers.*': 'solver',
};

/** The fix for a key of another program; null where it means nothing that is known. */
export function foreignKeyFix(place: string, key: string): string | null {
  // certbot and acme.sh write must-staple and must_staple.
  const plain = key.replaceAll('_', '-');
  const of = meanings[places[place] ?? place] ?? [];
  return of.find(([form]) => form.test(plain))?.[1] ?? null;
}
