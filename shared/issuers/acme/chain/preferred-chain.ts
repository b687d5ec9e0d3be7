import { X509Certificate } from 'node:crypto';
import { isCertkeepError } from '#shared/errors.ts';
import type { IssuedChain } from '../../issuer.ts';
import type { AcmeAnswer } from '../answers.ts';
import { certificatesIn, type SplitChain, splitChain } from './chain.ts';

/** CAs offer two or three alternates; each costs a request. */
const mostAlternates = 5;

export type ChainChoice = SplitChain & {
  /** False where no chain ends as preferred, so that the CA's own choice is used. */
  readonly isPreferred: boolean;
  /** The problems of alternates that could not be used. */
  readonly broken: readonly string[];
};

/**
 * Chooses the first chain whose top was issued by a CA with that common name, as cert-manager and certbot do: first the
 * default, then the alternates of RFC 8555 §7.4.2 in the CA's order.
 */
export async function chooseChain(
  url: string,
  preferred: string | undefined,
  fetch: (url: string) => Promise<AcmeAnswer>,
): Promise<ChainChoice> {
  const first = await fetch(url);
  const usual = splitChain(first.data);
  if (preferred === undefined || topIssuer(usual) === preferred) {
    return { ...usual, isPreferred: true, broken: [] };
  }
  const broken: string[] = [];
  for (const alternate of alternatesOf(first, url)) {
    const other = await chainAt(alternate, preferred, fetch);
    if (typeof other === 'string') broken.push(other);
    // Another leaf would be another certificate, which nobody ordered.
    else if (other && sameLeaf(other, usual)) return { ...other, isPreferred: true, broken };
  }
  return { ...usual, isPreferred: false, broken };
}

/**
 * Null for a chain that ends elsewhere; the problem as text where the alternate is broken, which is no reason to lose the
 * certificate. It throws where the alternate is unavailable now: the order stays valid meanwhile.
 */
async function chainAt(
  url: string,
  preferred: string,
  fetch: (url: string) => Promise<AcmeAnswer>,
): Promise<SplitChain | string | null> {
  try {
    const { data } = await fetch(url);
    const split = splitChain(data);
    return topIssuer(split) === preferred ? split : null;
  } catch (error) {
    const isBroken =
      isCertkeepError(error, 'IssuerRefused') || isCertkeepError(error, 'IssuerAnswerInvalid');
    if (isBroken) return error.message;
    throw error;
  }
}

function topIssuer({ certificatePem, chainPem }: IssuedChain): string | null {
  const [top] = certificatesIn(`${certificatePem}\n${chainPem}`).slice(-1);
  return (
    top?.issuer
      .split('\n')
      .find((part) => part.startsWith('CN='))
      ?.slice(3) ?? null
  );
}

/** RFC 8288: `<url>;rel="alternate"`, possibly several per header. The transport refuses other hosts. */
function alternatesOf({ headers }: AcmeAnswer, base: string): readonly string[] {
  const links = (headers.link ?? '').matchAll(/<([^>]*)>\s*;[^<]*?\brel="?alternate"?/g);
  return [...links]
    .flatMap(([, target = '']) =>
      URL.canParse(target) ? target : (URL.parse(target, base)?.href ?? []),
    )
    .slice(0, mostAlternates);
}

function sameLeaf(one: IssuedChain, other: IssuedChain): boolean {
  const [a, b] = [one, other].map(({ certificatePem }) => new X509Certificate(certificatePem).raw);
  return a !== undefined && b !== undefined && a.equals(b);
}
