import { X509Certificate } from 'node:crypto';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import { splitChain } from '#shared/issuers/acme/chain/chain.ts';
import { Secret } from '#shared/secret.ts';
import {
  checkIssued,
  extraNames,
  isForAnotherKey,
  readCertificate,
  validFrom,
} from '#shared/x509/certificate.ts';
import { elementAt, elementsIn } from '#shared/x509/der.ts';
import { linksOf, usageExtensionsOf } from '#shared/x509/extensions.ts';
import { now } from '../crl.ts';
import type { Fuzz, Random } from '../fuzz.ts';
import { below, mutated, noise } from '../mutate.ts';
import { outcomeOf } from '../outcome.ts';

const names = ['example.com', 'www.example.com'];

/** As PEM, whatever the bytes are. */
function pemOf(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

async function baseline() {
  const made = await makeCertificate({ names, now });
  const [leaf, chain] = [made.certificatePem, made.chainPem].map(
    (pem) => new X509Certificate(pem).raw,
  ) as [Buffer, Buffer];
  return { ...made, leaf, chain };
}

type Baseline = Awaited<ReturnType<typeof baseline>>;

/** One of the two has some bytes changed; now and then it is its PEM. */
function changed({ leaf, chain }: Baseline, random: Random) {
  const isLeaf = random() < 0.7;
  const pem = (der: Buffer, isChanged: boolean) => {
    if (!isChanged) return pemOf(der);
    if (random() < 0.9) return pemOf(mutated(der, random));
    return mutated(Buffer.from(pemOf(der)), random).toString('latin1');
  };
  return { certificatePem: pem(leaf, isLeaf), chainPem: pem(chain, !isLeaf) };
}

/** What a CA sends is compared with what was ordered. */
export const issuedCertificates: Fuzz = {
  name: 'certificates',
  usual: 50_000,
  fixed: 400,
  async start() {
    const base = await baseline();
    const keyPem = new Secret(base.keyPem);
    const expected = { names, keyPem, keyAlgorithm: 'ecdsa-p256', needsChain: true, now } as const;
    return (random) => {
      const issued = changed(base, random);
      const problems = checkIssued(issued, expected);
      if (problems.join('; ').length > 4_000) throw new Error('the problems are too long');
      // What is above the chain is not known here: what it says of itself may change, its key may not.
      if (
        problems.length === 0 &&
        !new X509Certificate(issued.certificatePem).raw.equals(base.leaf)
      ) {
        throw new Error('a changed certificate is taken');
      }
      return problems.length === 0 ? 'taken' : 'problems';
    };
  },
};

const readers: readonly ((issued: ReturnType<typeof changed>, keyPem: Secret) => unknown)[] = [
  ({ certificatePem }) => readCertificate(certificatePem),
  ({ certificatePem }) => linksOf(certificatePem),
  ({ certificatePem }) => usageExtensionsOf(certificatePem),
  (issued) => extraNames(issued, names),
  (issued) => validFrom(issued),
  ({ certificatePem }, keyPem) => isForAnotherKey(certificatePem, keyPem),
  ({ certificatePem, chainPem }) => splitChain(`${certificatePem}${chainPem}`),
];

/** Everything else that reads a certificate. */
export const readCertificates: Fuzz = {
  name: 'certificate-readers',
  usual: 50_000,
  fixed: 400,
  async start() {
    const base = await baseline();
    return (random, nth) => {
      const issued = changed(base, random);
      const reader = readers[nth % readers.length] ?? readers[0];
      return outcomeOf(
        () => reader?.(issued, new Secret(base.keyPem)),
        () => 'read',
      );
    };
  },
};

/** What becomes of it in the record. */
export const describedVersions: Fuzz = {
  name: 'describe-version',
  usual: 20_000,
  fixed: 300,
  async start() {
    const base = await baseline();
    const about = {
      id: 'v1',
      keyAlgorithm: 'ecdsa-p256',
      issuer: 'local',
      orderUrl: null,
      issuedAt: now.toISOString(),
    } as const;
    return (random) => {
      const { certificatePem } = changed(base, random);
      return outcomeOf(
        () => describeVersion(certificatePem, about),
        () => 'described',
      );
    };
  },
};

/** Private keys as they may lie in a secret that somebody has written to. */
export const privateKeys: Fuzz = {
  name: 'private-keys',
  usual: 20_000,
  fixed: 200,
  async start() {
    const base = await baseline();
    const whole = Buffer.from(base.keyPem);
    return (random) => {
      const keyPem = new Secret(mutated(whole, random).toString('latin1'));
      const issued = { certificatePem: pemOf(base.leaf), chainPem: pemOf(base.chain) };
      const expected = { names, keyPem, keyAlgorithm: 'ecdsa-p256', now } as const;
      const isOther = outcomeOf(
        () => isForAnotherKey(issued.certificatePem, keyPem),
        (other) => (other ? 'for another key' : 'fits'),
      );
      return outcomeOf(
        () => checkIssued(issued, expected),
        (problems) => `${isOther}, ${problems.length === 0 ? 'taken' : 'problems'}`,
      );
    };
  },
};

/** Bytes without any meaning. */
export const randomDer: Fuzz = {
  name: 'der',
  usual: 50_000,
  fixed: 400,
  start: async () => (random) => {
    const bytes = noise(random, below(random, 200));
    try {
      elementAt(bytes);
      return `${elementsIn(bytes).length > 1 ? 'several elements' : 'one element'}`;
    } catch (error) {
      // What reads a certificate or a list names it.
      if (error instanceof RangeError && !('code' in error)) return 'no DER';
      throw error;
    }
  },
};
