import { directoryNamed, namedDirectories } from '#shared/issuers/acme/directories.ts';
import { nearest } from '#shared/text/suggest.ts';
import { childOf, valueAt } from '../messages/schema-at.ts';
import type { Advice } from './advice.ts';

const named: Readonly<Record<string, { readonly title: string; readonly url: string }>> =
  namedDirectories;

/** People write the CA's name where the protocol belongs. */
export const issuerTypeAdvice: Advice = (value) => {
  const known = Object.hasOwn(named, value) ? value : nearest(value, Object.keys(named));
  return {
    fix: known
      ? `Write "type: acme" and "directory: ${known}".`
      : 'Write "type: acme": every issuer speaks ACME, and "directory:" says which CA it is.',
  };
};

export const directoryAdvice: Advice = (value) => {
  const meant = nameMeant(value);
  if (meant) return { fix: `Did you mean "${meant}"?` };
  return value.startsWith('http://')
    ? { fix: `Write "https://": no CA is asked without TLS.` }
    : null;
};

function nameMeant(value: string): string | null {
  const host = URL.parse(value.includes('://') ? value : `https://${value}`)?.host;
  const atHost = Object.entries(named).find(([, { url }]) => new URL(url).host === host);
  return atHost?.[0] ?? nearest(value, Object.keys(named));
}

/** Where to read a CA's terms, by its name. */
const terms: Readonly<Record<string, string>> = {
  letsencrypt: 'https://letsencrypt.org/repository/',
  'letsencrypt-staging': 'https://letsencrypt.org/repository/',
  google: 'https://pki.goog/repository/',
  'google-staging': 'https://pki.goog/repository/',
  zerossl: 'https://zerossl.com/terms/',
  'sslcom-rsa': 'https://www.ssl.com/repository/',
  'sslcom-ecc': 'https://www.ssl.com/repository/',
  actalis: 'https://www.actalis.com/',
};

export const termsAdvice: Advice = (_, path, raw) => {
  const directory = childOf(valueAt(raw, path.slice(0, -1)), 'directory');
  const name = typeof directory === 'string' ? nameOf(directory) : undefined;
  const where = name && terms[name] ? ` (${terms[name]})` : '';
  return {
    fix: `Read the terms of the CA${where}; if you agree, write "termsOfServiceAgreed: true".`,
  };
};

function nameOf(directory: string): string | undefined {
  const url = directoryNamed(directory) ?? directory;
  return Object.entries(named).find(([, known]) => known.url === url)?.[0];
}
