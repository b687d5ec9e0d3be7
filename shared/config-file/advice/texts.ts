import { nearest } from '#shared/text/suggest.ts';
import { knownRegions } from '../known-regions.ts';
import type { Advice } from './advice.ts';

/** Advises where the file has one text instead of a list. */
export const listAdvice: Advice = (value, path) => {
  const entries = value.split(/[\s,;]+/).filter((entry) => entry !== '');
  if (entries.length === 0) return null;
  // "Sat 22:00-06:00" is one entry.
  const isTimes = /\d\d:\d\d/.test(value);
  const list = (isTimes ? [`"${value}"`] : entries.map(quotedIfNeeded)).join(', ');
  return { fix: `Write it as a list: "${String(path.at(-1))}: [${list}]".` };
};

function quotedIfNeeded(entry: string): string {
  return /^[\w.@:/+-]+$/.test(entry) ? entry : `'${entry}'`;
}

export const emailAdvice: Advice = (value) => {
  if (/^mailto:/i.test(value)) return { fix: `Leave out "mailto:": "${value.slice(7)}".` };
  const [, address] = /<([^<>\s]+@[^<>\s]+)>$/.exec(value) ?? [];
  return address ? { fix: `Write the address alone: "${address}".` } : null;
};

export const contactAdvice: Advice = (value) => {
  if (/^[^\s@:]+@[^\s@]+$/.test(value)) return { fix: `Write "mailto:${value}".` };
  const [, address] = /<([^<>\s]+@[^<>\s]+)>$/.exec(value) ?? [];
  return {
    fix: address
      ? `Write "mailto:${address}".`
      : 'Write an address with "mailto:" in front, such as "contact: [mailto:ops@…]"; CAs take no other kind.',
  };
};

const durations = 'Write hours or days, such as 762h or 30d.';

export const durationAdvice: Advice = (value) => {
  if (/^\d+$/.test(value)) {
    return { fix: `Write "renewBefore: ${value}d"; or "renewBeforeDays: ${value}".` };
  }
  const [, hours, minutes] = /^(\d+)h(?:(\d+)m(?:\d+s)?)?$/.exec(value) ?? [];
  if (hours && minutes) return { fix: `Write whole hours: "renewBefore: ${hours}h".` };
  const [, alone] = /^(\d+)m(?:\d+s)?$/.exec(value) ?? [];
  if (alone) {
    const rounded = Math.max(1, Math.round(Number(alone) / 60));
    return { fix: `Write whole hours: "renewBefore: ${rounded}h".` };
  }
  return { fix: durations };
};

export const thresholdAdvice: Advice = (value) => {
  if (/^\d+$/.test(value)) return { fix: `Write days without quotes: ${value}.` };
  const days = Number(value);
  return days > 0 && days < 400 && !Number.isInteger(days)
    ? { fix: `Write hours: ${Math.max(1, Math.round(days * 24))}h.` }
    : { fix: 'Write days, such as 14, or hours with their unit: 36h.' };
};

export const daysAdvice: Advice = (value) =>
  /^\d+[hd]$/.test(value) ? { fix: `Write "renewBefore: ${value}".` } : null;

export const regionAdvice: Advice = (value) => {
  const [, ofZone] = /^([a-z]+(?:-[a-z]+)+-\d+)[a-z]$/.exec(value) ?? [];
  if (ofZone) return { fix: `Write the region, without the availability zone: "${ofZone}".` };
  const meant = nearest(value, knownRegions);
  return meant ? { fix: `Did you mean ${meant}?` } : null;
};
