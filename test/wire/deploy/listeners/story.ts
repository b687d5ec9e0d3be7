import { randomOf } from 'local-cloud/kit/determinism.ts';
import type { Foreign, Story } from './act.ts';
import { drawActs } from './draw-acts.ts';
import { type Draw, drawing } from './drawing.ts';

const ours = [
  ['shop.example.com'],
  ['shop.example.com'],
  ['shop.example.com', 'www.example.com'],
  ['*.example.com'],
  ['shop.example.com', '*.example.com'],
];
const theirs = [
  ['shop.example.com'],
  ['www.example.com'],
  ['shop.example.com', 'www.example.com'],
  ['*.example.com'],
  ['pay.example.com'],
  ['example.org'],
  ['*.example.org', 'example.org'],
];
/** What clients ask for. */
export const everyName = [
  'shop.example.com',
  'www.example.com',
  'pay.example.com',
  'api.example.com',
  'example.org',
  'www.example.org',
];
export const mostListed = 25;

/** The same story for the same seed. */
export function storyOf(seed: number): Story {
  const draw = drawing(randomOf(seed));
  const kind = draw.chance(0.12) ? 'clb' : isOfNetwork(seed) ? 'nlb' : 'alb';
  const position = kind === 'clb' ? 'default' : draw.of(['default', 'sni', 'both'] as const);
  const names = draw.of(ours);
  // Certificates that have to do with our names stand in fewer of the lists: else nothing would ever be bound.
  const isNear = draw.chance(0.45);
  const count = kind === 'clb' ? 0 : listLength(draw);
  const foreign = [drawForeign(draw, { kind, isNear: true })];
  for (let at = 0; at < count; at += 1) foreign.push(drawForeign(draw, { kind, isNear }));
  const spare = [
    drawForeign(draw, { kind, isNear: true }),
    drawForeign(draw, { kind, isNear: true }),
  ];
  const listed = Array.from({ length: count }, (_, at) => at + 1);
  const isDouble = kind !== 'clb' && draw.chance(0.3);
  const all = [...foreign, ...spare.map((each) => ({ ...each, ends: 'later' as const }))];
  return {
    ...{ seed, kind, position, names },
    foreign: all,
    standard: 0,
    list: isDouble ? [0, ...listed].slice(0, mostListed) : listed,
    acts: drawActs(draw, { kind, position, count: all.length }),
  };
}

/** It draws nothing, so that the stories of other seeds stay as they have been. */
function isOfNetwork(seed: number): boolean {
  return seed % 8 > 5;
}

/** Empty and short lists mostly, and now and then a full one. */
function listLength(draw: Draw): number {
  if (draw.chance(0.3)) return 0;
  return draw.chance(0.15) ? mostListed - draw.below(3) : 1 + draw.below(5);
}

function drawForeign(
  draw: Draw,
  { kind, isNear }: { kind: Story['kind']; isNear: boolean },
): Foreign {
  const far = theirs.slice(4);
  return {
    names: draw.of(isNear ? theirs : far),
    key: kind === 'clb' ? 'rsa-2048' : draw.of(['rsa-2048', 'ecdsa-p256'] as const),
    ends: draw.of(['before', 'soon', 'later', 'later', 'later'] as const),
  };
}
