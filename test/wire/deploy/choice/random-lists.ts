import type { ChoiceCertificate } from '#shared/deploy/choice/choice.ts';
import { ecdsa, expired, rsa } from '#test/unit/deploy/choice/case.ts';

/** What a listener holds; every one of `described`. */
export type DrawnList = {
  readonly default: ChoiceCertificate;
  readonly list: readonly ChoiceCertificate[];
};

const nameLists = [
  ['shop.example.com'],
  ['*.example.com'],
  ['shop.example.com', '*.shop.example.com'],
  ['www.example.com', 'example.org'],
  ['*.example.org'],
];
const validities = [{}, expired, { until: 300 }];
const keys = [
  { of: ecdsa, bits: 256 },
  { of: ecdsa, bits: 384 },
  { of: rsa, bits: 2_048 },
  { of: rsa, bits: 4_096 },
];
const hashes = ['sha256', 'sha384'] as const;

/** Made once: a real certificate takes milliseconds. */
export const described: readonly ChoiceCertificate[] = nameLists.flatMap((names, named) =>
  validities.flatMap((validity, valid) =>
    keys.flatMap(({ of, bits }) =>
      hashes.map((hash) =>
        of(`${named}-${valid}-${bits}-${hash}`, { ...validity, names, bits, hash }),
      ),
    ),
  ),
);

const most = 25;

export function drawList(random: () => number): DrawnList {
  const draw = () => described[Math.floor(random() * described.length)] as ChoiceCertificate;
  const standard = draw();
  // Short lists more often, where a single certificate decides.
  const length = Math.floor(random() ** 2 * (most + 1));
  const list = Array.from({ length }, draw);
  return { default: standard, list: random() < 0.3 ? [standard, ...list].slice(0, most) : list };
}
