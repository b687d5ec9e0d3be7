import { parse, stringify } from 'yaml';
import { configText, listenerArn } from '#test/support/fleet.ts';

const listener = listenerArn('busy-alb');

/** One listener of an ALB with a default and a list, an RSA and ECDSA pair among them, and a Classic ELB. */
export const fleetText = configText(`
  docs: {names: [docs.example.com], issuer: local, targets: [{type: alb, listener: "${listener}", certificate: default}]}
  turn: {names: [turn.example.com], issuer: local, targets: [{type: alb, listener: "${listener}", certificate: sni}]}
  shop-ecdsa: {names: [shop.example.com, "*.shop.example.com"], issuer: local, targets: [{type: alb, listener: "${listener}", certificate: sni}]}
  shop-rsa: {names: [shop.example.com, "*.shop.example.com"], issuer: local, key: rsa-2048, targets: [{type: alb, listener: "${listener}", certificate: sni}]}
  legacy: {names: [legacy.example.com], issuer: local, key: rsa-2048, targets: [{type: clb, loadBalancer: busy-clb}]}
`);

const pair = ['shop-ecdsa', 'shop-rsa'];

export function withoutPair(text: string): string {
  return edited(text, (certificates) => {
    for (const id of pair) delete certificates[id];
  });
}

export type Rotation = {
  readonly name: string;
  /** The certificates that must be served anew at the end. */
  readonly renews: readonly string[];
  /** The configuration after the rotation. Where the certificate's entry does not change, a renewal is forced. */
  readonly change: ((text: string) => string) | null;
};

/** The rotation of this round, without certificates that the fleet does not have. */
export function rotationOf(round: number, ids: readonly string[]): Rotation {
  const all: readonly Rotation[] = [
    { name: 'forced: the pair', renews: pair, change: null },
    { name: 'another key type', renews: ['turn'], change: otherKey },
    { name: 'default <-> sni', renews: [], change: otherDefault },
    { name: 'forced: Classic ELB and the default', renews: ['legacy', 'docs'], change: null },
  ];
  const possible = all.filter(({ renews }) => renews.every((id) => ids.includes(id)));
  return possible[round % possible.length] as Rotation;
}

/** Every configuration text that the rotations produce. */
export function variants(text: string): readonly string[] {
  return [text, otherKey(text), otherDefault(text), otherDefault(otherKey(text))];
}

function otherKey(text: string): string {
  return edited(text, ({ turn }) => {
    if (turn) turn.key = turn.key === 'rsa-2048' ? 'ecdsa-p256' : 'rsa-2048';
  });
}

/** Exchanges default and SNI: clients without SNI get the other certificate from then on. */
function otherDefault(text: string): string {
  return edited(text, ({ docs, turn }) => {
    for (const target of [docs?.targets[0], turn?.targets[0]]) {
      if (target) target.certificate = target.certificate === 'sni' ? 'default' : 'sni';
    }
  });
}

type Written = Record<string, { key?: string; targets: { certificate?: string }[] }>;

function edited(text: string, edit: (certificates: Written) => void): string {
  const written = parse(text);
  edit(written.certificates);
  return stringify(written);
}
