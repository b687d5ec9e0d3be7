import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import type { Row } from './play.ts';

export function lineOf({ heard, how, part, verdict }: Row): string {
  const ways = heard.map(({ afterMs, way, what }) => `${way} after ${timeText(afterMs)}: ${what}`);
  return `${part}, ${how}: ${verdict}${ways.length > 0 ? `; ${ways.join('; ')}` : ''}`;
}

/** `20 min`, `3 h`, `29 d` */
export function timeText(ms: number): string {
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.round(ms / hourMs)} h` : `${Math.round(ms / dayMs)} d`;
}
