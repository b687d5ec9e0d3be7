import type {
  Choice,
  ChoiceCertificate,
  ChoiceClient,
  ListenerHoldings,
} from '#shared/deploy/choice/choice.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { Quote } from './quotes.ts';

/** What a listener holds, who asks, and what AWS's pages say that the client gets. */
export type ChoiceCase = ListenerHoldings & {
  readonly title: string;
  readonly quote: Quote;
  readonly client: ChoiceClient;
  readonly answer: Choice;
};

/** When every case plays. */
export const caseNow = new Date('2026-11-22T03:00:00Z');

const hashes = { md5: 0, sha1: 1, sha256: 256, sha384: 384, sha512: 512 };

type Wish = {
  readonly names?: readonly string[] | null;
  readonly bits?: number;
  readonly hash?: keyof typeof hashes;
  /** In days from now. */
  readonly from?: number;
  readonly until?: number;
};

export const ecdsa = (id: string, wish: Wish = {}) => certificate(id, 'ecdsa', 256, wish);
export const rsa = (id: string, wish: Wish = {}) => certificate(id, 'rsa', 2_048, wish);

/** For shop.example.com, ten days old and good for eighty, unless wished for otherwise. */
function certificate(
  id: string,
  keyFamily: 'ecdsa' | 'rsa',
  usualBits: number,
  { names = ['shop.example.com'], bits = usualBits, hash = 'sha256', from = -10, until = 80 }: Wish,
): ChoiceCertificate {
  return {
    arn: arnOf(id),
    names,
    keyFamily,
    keyBits: bits,
    hashBits: hashes[hash],
    notBefore: addMs(caseNow, from * dayMs),
    notAfter: addMs(caseNow, until * dayMs),
  };
}

export const expired = { from: -100, until: -1 };

function arnOf(id: string): string {
  return `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;
}

export function modern(serverName: string | null = 'shop.example.com'): ChoiceClient {
  return { serverName, families: ['ecdsa', 'rsa'] };
}

export function only(
  family: 'ecdsa' | 'rsa',
  serverName: string | null = 'shop.example.com',
): ChoiceClient {
  return { serverName, families: [family] };
}

export function gets(id: string): Choice {
  return { is: 'certificate', arn: arnOf(id) };
}

/** `among` are the certificates of which it may be any; with none of them, the handshake may also just fail. */
export function notDocumented(why: string, ...among: readonly string[]): Choice {
  return { is: 'not-documented', why, among: among.map(arnOf) };
}
