import {
  type CertificateManager,
  type HeldCertificate,
  type ImportRequest,
  isOurImport,
} from '#shared/deploy/import/acm.ts';
import { isLookAlike } from '#shared/deploy/probe/identity.ts';

export type FakeCertificateManager = CertificateManager & {
  readonly held: ReadonlyMap<string, HeldCertificate>;
  /** ImportCertificate calls, in order: the ARN given. */
  readonly imports: readonly (string | null)[];
  /** Keeps the tags that are there unless it gets others. */
  hold(certificate: HeldCertificate, tagged?: Readonly<Record<string, string>>): void;
  setInUseBy(arn: string, inUseBy: readonly string[]): void;
  /** The next import answers this instead of happening. */
  refuseNextImport(error: Error): void;
  /** The next import happens, and its answer is lost. */
  loseNextAnswer(): void;
  /** The next import happens twice, and answers once. */
  doubleNextImport(): void;
  /** Re-imports are refused as ACM refuses a missing key usage. */
  needNewArn(): void;
};

/** ACM of one place, in memory. `read` says what a PEM is, since fakes need no real certificates. */
export function fakeCertificateManager(
  read: (certificatePem: string) => Omit<HeldCertificate, 'arn' | 'imported' | 'inUseBy'>,
): FakeCertificateManager {
  const held = new Map<string, HeldCertificate>();
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const imports: (string | null)[] = [];
  let refusal: Error | null = null;
  let losesAnswer = false;
  let needsNewArn = false;
  let isDoubled = false;

  function take(request: ImportRequest): string {
    const arn = request.arn ?? `arn:aws:acm:us-east-1:000000000000:certificate/${held.size + 1}`;
    const inUseBy = held.get(arn)?.inUseBy ?? [];
    held.set(arn, { ...read(request.certificatePem), arn, imported: true, inUseBy });
    if (!request.arn) tags.set(arn, request.tags);
    return arn;
  }

  return {
    held,
    imports,
    hold(certificate, tagged) {
      held.set(certificate.arn, certificate);
      tags.set(certificate.arn, tagged ?? tags.get(certificate.arn) ?? {});
    },
    setInUseBy: (arn, inUseBy) => {
      const certificate = held.get(arn);
      if (certificate) held.set(arn, { ...certificate, inUseBy });
    },
    refuseNextImport: (error) => {
      refusal = error;
    },
    loseNextAnswer: () => {
      losesAnswer = true;
    },
    doubleNextImport: () => {
      isDoubled = true;
    },
    needNewArn: () => {
      needsNewArn = true;
    },
    name: 'ACM',
    holds: (arn) => arn.startsWith('arn:aws:acm:'),
    usersOf: async ({ inUseBy }) => inUseBy,
    describe: async (arn) => held.get(arn) ?? null,
    fingerprintAt: async (arn) => held.get(arn)?.fingerprintSha256 ?? null,
    async find(wanted) {
      const others = [...held.values()].filter(({ arn }) => arn !== wanted.except);
      const isOurs = ({ arn, fingerprintSha256 }: HeldCertificate) =>
        fingerprintSha256 === wanted.fingerprintSha256 && isOurImport(tags.get(arn) ?? {}, wanted);
      const lookAlikes = others.filter((each) => isLookAlike(each, wanted)).map(({ arn }) => arn);
      return { held: others.find(isOurs) ?? null, lookAlikes };
    },
    async import(request) {
      imports.push(request.arn);
      if (request.arn && needsNewArn) {
        return { outcome: 'new-arn-needed', detail: 'missing one or more Key Usages' };
      }
      const error = refusal;
      refusal = null;
      if (error) throw error;
      if (isDoubled) take(request);
      isDoubled = false;
      const arn = take(request);
      if (!losesAnswer) return { outcome: 'imported', arn };
      losesAnswer = false;
      throw new Error('socket hang up');
    },
    tagsOf: async (arn) => tags.get(arn) ?? {},
    addTags: async (arn, added) => void tags.set(arn, { ...tags.get(arn), ...added }),
    async removeTag(arn, key, value) {
      const { [key]: held, ...others } = tags.get(arn) ?? {};
      if (held === value) tags.set(arn, others);
    },
    async delete(arn) {
      if ((held.get(arn)?.inUseBy.length ?? 0) > 0) return 'in-use';
      held.delete(arn);
      return 'deleted';
    },
  };
}
