import type { IssuerConfig } from './specs.ts';

type Ca = Pick<IssuerConfig, 'directory'> & { readonly webDomain?: string };

/** A page for people that a CA links to, if it is in the registered domain of its directory. Null otherwise. */
export function ownPage(link: string | null, { directory, webDomain }: Ca): string | null {
  const host = URL.parse(link ?? '')?.hostname;
  const home = URL.parse(directory)?.hostname;
  const isInDomain = webDomain !== undefined && `.${host}`.endsWith(`.${webDomain}`);
  const isOwn = host === home || isInDomain;
  return host && isOwn ? link : null;
}
