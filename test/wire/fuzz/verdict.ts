import type { Played } from './play.ts';

/** More than this one input, or all of them together, may not take (MiB). */
const mostMiB = 64;

/** Why what was played is a finding; empty where it is none. */
export function findingsIn({ name, bare, examples, peakMiB, heldMiB }: Played): readonly string[] {
  return [
    ...(bare > 0 ? [`${name}: ${bare} errors without a name: ${examples.join('\n  ')}`] : []),
    ...(peakMiB > mostMiB ? [`${name}: took ${peakMiB} MiB at its peak`] : []),
    ...(heldMiB > mostMiB ? [`${name}: ${heldMiB} MiB are still held`] : []),
  ];
}

export function lineOf({ name, inputs, outcomes, bare, slowestMs, peakMiB, heldMiB }: Played) {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const memory = `peak +${peakMiB} MiB, held +${heldMiB} MiB`;
  return `${name}: ${inputs} inputs, ${bare} bare errors, slowest ${slowestMs} ms, ${memory}\n  ${counts.join(', ')}`;
}
