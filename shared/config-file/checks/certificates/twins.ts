import { familyOf } from '#shared/key-algorithm.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** CAs limit certificates for exactly the same names. An RSA and an ECDSA one serve different clients and are allowed. */
export function namesStandOnce({ certificates, issuerConfigs }: Draft): readonly Finding[] {
  const seen = new Map<string, string>();
  return certificates.flatMap(({ id, names, key, issuers }) => {
    if (key === null || names.length === 0) return [];
    const sorted = [...new Set(names.map(({ value }) => value))].sort();
    const directories = issuers.map(({ value }) => issuerConfigs.get(value)?.directory ?? value);
    const keys = directories.map((each) => JSON.stringify([familyOf(key), each, sorted]));
    const earlier = keys.map((each) => seen.get(each)).find((each) => each !== undefined);
    for (const each of keys) if (!seen.has(each)) seen.set(each, id);
    if (earlier === undefined) return [];
    return [
      {
        path: ['certificates', id, 'names'],
        value: '',
        message: `are exactly those of ${earlier}, from the same CA with the same kind of key: both count towards its limit for the same names`,
        fix: `Let ${earlier} have the targets of both, or leave it so if two are meant.`,
      },
    ];
  });
}
