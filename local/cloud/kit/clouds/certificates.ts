import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '@aws-sdk/client-acm';
import { addMs, dayMs, hourMs, secondMs } from '../../clock.ts';
import {
  type CertificateWish,
  importInput,
  type MadeCertificate,
  makeCertificate,
  sharedCa,
} from '../certificates.ts';
import { clientsOf } from './clients.ts';
import type { CloudUnderTest } from './cloud.ts';

/** A certificate that is valid in the cloud's time. */
export function certificateFor(
  cloud: CloudUnderTest,
  wish: CertificateWish = {},
): Promise<MadeCertificate> {
  return makeCertificate({ now: cloud.clock.now(), ...wish });
}

/** Imports a new certificate, not faster than one a second, and waits until everybody knows it. */
export async function imported(
  cloud: CloudUnderTest,
  wish: CertificateWish = {},
): Promise<{ readonly arn: string; readonly made: MadeCertificate }> {
  const made = await certificateFor(cloud, wish);
  return { arn: await importedArn(cloud, made), made };
}

export async function importedArn(cloud: CloudUnderTest, made: MadeCertificate): Promise<string> {
  const { CertificateArn } = await clientsOf(cloud).acm.importCertificate(importInput(made));
  await cloud.waits.untilConsistent();
  return CertificateArn as string;
}

type OldKey = Extract<KeyAlgorithm, 'RSA_1024' | 'EC_secp521r1'>;

/** With a key that certkeep does not make and ACM takes all the same. */
export async function certificateWithOldKey(
  cloud: CloudUnderTest,
  key: OldKey,
  names: readonly string[] = ['old.example.com'],
): Promise<MadeCertificate> {
  const { publicKey, privateKey } = oldKey(key);
  const notBefore = addMs(cloud.clock.now(), -hourMs);
  // To the second, as a certificate carries it.
  notBefore.setMilliseconds(0);
  const notAfter = addMs(notBefore, 90 * dayMs - secondMs);
  const ca = await sharedCa();
  const issued = await ca.issue({ names, notBefore, notAfter, publicKey });
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ...issued, keyPem, notBefore, notAfter };
}

function oldKey(key: OldKey): { publicKey: KeyObject; privateKey: KeyObject } {
  return key === 'RSA_1024'
    ? generateKeyPairSync('rsa', { modulusLength: 1_024 })
    : generateKeyPairSync('ec', { namedCurve: 'P-521' });
}
