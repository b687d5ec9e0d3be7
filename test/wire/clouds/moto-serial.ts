import type { CloudUnderTest } from 'local-cloud/kit/clouds/cloud.ts';
import type { CertificateManager, HeldCertificate } from '#shared/deploy/import/acm.ts';
import { awsCertificateManager } from '#shared/deploy/import/acm-client.ts';
import type { Identity } from '#shared/deploy/probe/identity.ts';
import { serialOf } from '#shared/deploy/probe/serial.ts';
import { freeLane } from '#test/support/free-lane.ts';

/** certkeep's own client; on moto with its decimal serials put right, one of the differences. */
export function certificateManagerOn(cloud: CloudUnderTest): CertificateManager {
  const manager = awsCertificateManager({
    options: cloud.clientOptions(),
    clock: cloud.clock,
    lane: freeLane,
  });
  if (cloud.name !== 'moto') return manager;
  return {
    ...manager,
    describe: async (arn, ours = []) => inHex(await manager.describe(arn, ours.map(inDecimal))),
    find: async (wanted) => {
      const found = await manager.find({ ...wanted, ...inDecimal(wanted) });
      return { ...found, held: inHex(found.held) };
    },
  };
}

function inDecimal({ serial, fingerprintSha256 }: Identity): Identity {
  return { serial: BigInt(`0x${serial}`).toString(10), fingerprintSha256 };
}

function inHex(held: HeldCertificate | null): HeldCertificate | null {
  if (!held?.serial) return held;
  const hex = BigInt(held.serial).toString(16);
  return { ...held, serial: serialOf(hex.padStart(hex.length + (hex.length % 2), '0')) };
}
