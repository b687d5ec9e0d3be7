import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { getDomain, parse as parseSuffix } from 'tldts';

export type NormalName =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly message: string; readonly fix: string };

type Refusal = readonly [message: string, fix: string];

/** RFC 1035 §2.3.4 allows 253 characters as text; `_acme-challenge.` (RFC 8555 §8.4) must fit in front. */
const longestName = 253;
const longestValidated = longestName - '_acme-challenge.'.length;

/**
 * The one form of a DNS name that certkeep compares and stores: lower case, A-labels (UTS 46), no trailing dot, at most
 * `*.` in front. It refuses names that no CA could issue for; private CAs accept more than public ones.
 */
export function normalizeAnyName(written: string): NormalName {
  const refused = refuseShape(written);
  if (refused) return refusal(refused);
  const wildcard = written.startsWith('*.');
  const base = toALabels(wildcard ? written.slice(2) : written);
  if (typeof base !== 'string') return refusal(base);
  const problem = refuseHost(base) ?? refuseLabels(base);
  return problem ? refusal(problem) : { ok: true, name: wildcard ? `*.${base}` : base };
}

/** Does the same for a name that a public CA is to certify, and refuses with a reason what no public CA would issue. */
export function normalizeName(written: string): NormalName {
  const result = normalizeAnyName(written);
  if (!result.ok) return result;
  const { name } = result;
  const wildcard = name.startsWith('*.');
  const problem = refuseUnderscore(name) ?? refuseSuffix(wildcard ? name.slice(2) : name, wildcard);
  return problem ? refusal(problem) : result;
}

/**
 * The domain that a name's owner registered, by the whole public suffix list, as Let's Encrypt counts certificates
 * (https://letsencrypt.org/docs/rate-limits/). The domain of a suffix is the suffix itself.
 */
export function registeredDomain(name: string): string {
  const host = name.replace(/^\*\./, '');
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}

/** A zone of a selector: like a name, but without a wildcard and at any depth. */
export function normalizeZone(written: string): NormalName {
  const refused = refuseShape(written);
  if (refused) return refusal(refused);
  if (written.includes('*')) {
    return refusal([
      'is not a zone',
      'Write the zone without "*": a zone covers all names below it.',
    ]);
  }
  const zone = toALabels(written);
  if (typeof zone !== 'string') return refusal(zone);
  const problem = refuseHost(zone) ?? refuseLabels(zone);
  return problem ? refusal(problem) : { ok: true, name: zone };
}

/** The wildcard that would cover `name`, whether or not it exists; for a single label, one that cannot exist. */
export function coveringWildcard(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? '*' : `*.${name.slice(dot + 1)}`;
}

function refusal([message, fix]: Refusal): NormalName {
  return { ok: false, message, fix };
}

/** Refuses texts that cannot be a DNS name, before any conversion, which would accept too much. */
function refuseShape(written: string): Refusal | null {
  if (written === '') return ['is empty', 'Write a DNS name such as www.example.com.'];
  // No name could become this long, so a conversion is useless.
  if (written.length > 4 * longestName) return tooLong(written.length);
  const several = refuseSeveral(written);
  if (several) return several;
  if (/[\s\p{Cc}]/u.test(written)) {
    return ['contains a space or control character', 'Write the name without spaces.'];
  }
  if (isIP(written.replace(/^\[(.*)\]$/, '$1'))) return ipAddress;
  if (written.includes('/')) return ['is a URL or a path', 'Write only the host name.'];
  if (written.includes('@')) return ['is an e-mail address', 'Write only the host name.'];
  if (written.includes(':')) return ['contains a port', 'Write the name without ":" and port.'];
  // This comes before the conversion, which reads a URL's host: it would decode "%" and stop at "#".
  if (/[!-~]/.test(written.replace(/[A-Za-z0-9.*_-]/g, ''))) return badCharacter;
  // Zero-width joiners belong to names in some scripts (RFC 5892 A.1, A.2); other invisible characters hide a mistake.
  if (/(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/u.test(written)) {
    return ['contains an invisible character', 'Type the name again instead of pasting it.'];
  }
  if (written.indexOf('*', written.startsWith('*.') ? 1 : 0) !== -1) {
    return [
      'has a "*" that is not the whole leftmost label',
      'Write a wildcard as "*." in front of the name: "*.example.com".',
    ];
  }
  return null;
}

/** A list that YAML takes for one text. */
function refuseSeveral(written: string): Refusal | null {
  const parts = written.split(/[\s,;]+/).filter((part) => part !== '');
  const names = parts.filter((part) => part !== '-');
  const isName = (part: string) =>
    /^(?:\*\.)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+\.?$/u.test(part);
  if (names.length < 2 || !names.every(isName)) return null;
  const listed = names.map((name) => (name.startsWith('*') ? `"${name}"` : name)).join(', ');
  return [
    `holds ${names.length} names`,
    parts.length > names.length
      ? `Write each as an entry of its own, each with its "-" in the same column: ${listed}.`
      : `Write each as an entry of its own: ${listed}.`,
  ];
}

const ipAddress: Refusal = [
  'is an IP address, which cannot be validated through DNS (dns-01)',
  'Write a DNS name.',
];

const badCharacter: Refusal = [
  'contains a character that host names cannot have',
  'Use letters, digits and hyphens.',
];

function tooLong(length: number): Refusal {
  return [
    `is ${length} characters long; the DNS takes ${longestName}, and the challenge adds 16`,
    `Write a name of at most ${longestValidated} characters.`,
  ];
}

function toALabels(written: string): string | Refusal {
  const ascii = /^[\x21-\x7e]*$/.test(written) ? written.toLowerCase() : domainToASCII(written);
  if (ascii === '' && written !== '') {
    return [
      'contains characters that are not allowed in domain names',
      'Write the name as it is registered, or its form that starts with xn--.',
    ];
  }
  return ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
}

function refuseHost(name: string): Refusal | null {
  if (name.length > longestValidated) return tooLong(name.length);
  // The last label of an IPv4 address in any of its notations is a number (WHATWG URL, "ends in a number").
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) return ipAddress;
  return null;
}

function refuseUnderscore(name: string): Refusal | null {
  if (!name.includes('_')) return null;
  return [
    'contains an underscore, which the CA/Browser Forum forbids in certificates',
    'Use a name of letters, digits and hyphens.',
  ];
}

function refuseLabels(name: string): Refusal | null {
  for (const label of name.split('.')) {
    const problem = refuseLabel(label);
    if (problem) return problem;
  }
  return null;
}

function refuseLabel(label: string): Refusal | null {
  if (label === '') return ['has an empty label', 'Write exactly one dot between labels.'];
  if (label.length > 63) {
    return [
      `has a label of ${label.length} characters; the DNS takes 63 (RFC 1035 §2.3.4)`,
      'Shorten the label.',
    ];
  }
  if (!/^[a-z0-9_-]+$/.test(label)) {
    return badCharacter;
  }
  if (label.startsWith('xn--')) return refuseALabel(label);
  if (label.startsWith('-') || label.endsWith('-')) {
    return ['has a label that starts or ends with a hyphen', 'Remove that hyphen.'];
  }
  // Baseline Requirements §7.1.2.7.12: only P-labels and non-reserved LDH labels (RFC 5890 §2.3.1).
  if (label.slice(2, 4) === '--') {
    return [
      'has a label with hyphens in places three and four, which are reserved (RFC 5890)',
      'Use another label.',
    ];
  }
  return null;
}

/** Detects broken A-labels, which `domainToASCII` lets through: a valid one survives the conversion in both directions. */
function refuseALabel(label: string): Refusal | null {
  const decoded = domainToUnicode(label);
  if (decoded !== label && domainToASCII(decoded) === label) return null;
  return [
    'has a label that starts with xn-- but is not valid Punycode',
    'Write the name in its own script; certkeep converts it.',
  ];
}

function refuseSuffix(name: string, wildcard: boolean): Refusal | null {
  // Like Boulder, this uses only the ICANN part of the list, so that owners of private suffixes may use wildcards.
  const { publicSuffix, isIcann } = parseSuffix(name, { allowPrivateDomains: false });
  if (isIcann && publicSuffix === name && wildcard) {
    return [`is a wildcard for the whole public suffix "${name}"`, 'Write a name below it.'];
  }
  if (!name.includes('.')) {
    return [
      'is a single label; no public CA issues for it',
      'Write the full name with its domain.',
    ];
  }
  if (!isIcann || /\.(arpa|onion)$/.test(name)) {
    return [
      `is an internal name: ".${name.slice(name.lastIndexOf('.') + 1)}" holds no public domains`,
      'Write a name below a public top-level domain.',
    ];
  }
  return publicSuffix === name
    ? ['is a public suffix, not a domain of anybody', 'Write a name below it.']
    : null;
}
