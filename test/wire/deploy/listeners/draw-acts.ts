import type { Position } from '#shared/targets/target.ts';
import type { Act, HandChange, Key, Story } from './act.ts';
import type { Draw } from './drawing.ts';

type Setting = {
  readonly kind: Story['kind'];
  readonly position: Position;
  readonly count: number;
};

export function drawActs(draw: Draw, setting: Setting): readonly Act[] {
  const first = { do: 'issue' as const, key: drawKey(draw, setting) };
  const acts = [withTrouble(draw, first, setting)];
  const more = draw.below(3);
  for (let at = 0; at < more; at += 1) acts.push(drawAct(draw, setting));
  return acts;
}

function drawKey(draw: Draw, { kind }: Setting): Key {
  return kind === 'clb' ? 'rsa-2048' : draw.of(['rsa-2048', 'rsa-2048', 'ecdsa-p256'] as const);
}

function drawAct(draw: Draw, setting: Setting): Act {
  const kinds = ['issue', 'issue', 'by-hand', 'by-hand', 'wait', 'move', 'contest'] as const;
  const what = draw.of(kinds);
  const calm = { change: null, atCall: null, isStuck: false, diesAfter: null };
  switch (what) {
    case 'issue':
      return withTrouble(draw, { do: what, key: drawKey(draw, setting) }, setting);
    case 'by-hand':
      return { ...calm, do: what, change: drawChange(draw, setting) };
    case 'contest':
      return draw.chance(0.3)
        ? { ...calm, do: what, change: drawChange(draw, setting) }
        : { ...calm, do: 'wait', hours: 3 };
    case 'move':
      if (setting.kind === 'clb') return { ...calm, do: 'wait', hours: 30 };
      return { ...calm, do: what, position: draw.of(['default', 'sni', 'both'] as const) };
    case 'wait':
      return { ...calm, do: what, hours: draw.of([1, 8, 30]) };
  }
}

function withTrouble(draw: Draw, issue: { do: 'issue'; key: Key }, setting: Setting): Act {
  const isStuck = draw.chance(0.15);
  const isChanged = draw.chance(isStuck ? 0.2 : 0.3);
  const change = isChanged ? drawChange(draw, setting) : null;
  const diesAfter = draw.chance(0.1) ? 1 + draw.below(12) : null;
  return { ...issue, isStuck, change, atCall: change && 1 + draw.below(14), diesAfter };
}

function drawChange(draw: Draw, { kind, position, count }: Setting): HandChange {
  const foreign = draw.below(count);
  if (kind === 'clb') return { do: 'set-default', foreign };
  if (position !== 'default' && draw.chance(0.25)) return { do: 'unlist-ours' };
  return { do: draw.of(['set-default', 'list', 'unlist'] as const), foreign };
}
