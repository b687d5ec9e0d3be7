import { tags } from '#shared/x509/der.ts';
import { invalid } from './invalid.ts';

/**
 * RFC 5280 §5.1: revokedCertificates is a sequence of sequences, each a serial, a time, and perhaps extensions. A list has
 * tens of thousands of them, so this file walks them by position and reads only the entry that was asked for.
 */

export type Bounds = { readonly begins: number; readonly ends: number };

/**
 * Counts the entries. @throws CertkeepError RevocationListInvalid, RangeError where one cannot be read: then the list is
 * invalid
 */
export function countEntries(der: Buffer, { begins, ends }: Bounds): number {
  let count = 0;
  for (let at = begins; at < ends; at = endAt(der, at, ends)) {
    checkEntry(der, at, ends);
    count += 1;
  }
  return count;
}

/** The position of a serial's (hex) entry in a list that was counted; null where it has none. */
export function entryOf(der: Buffer, { begins, ends }: Bounds, serial: string): Bounds | null {
  const wanted = Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex');
  const digits = significant(wanted, 0, wanted.length);
  for (let at = begins; at < ends; at = endAt(der, at, ends)) {
    const number = contentAt(der, at, ends);
    const to = endAt(der, number, ends);
    const from = significant(der, contentAt(der, number, ends), to);
    if (der.compare(wanted, digits, wanted.length, from, to) === 0) {
      return { begins: number, ends: endAt(der, at, ends) };
    }
  }
  return null;
}

function checkEntry(der: Buffer, at: number, ends: number): void {
  const entryEnds = endAt(der, at, ends);
  const serial = contentAt(der, at, ends);
  if (der[at] !== tags.sequence || der[serial] !== tags.integer) throw unreadable(at);
  const time = endAt(der, serial, entryEnds);
  const timeEnds = endAt(der, time, entryEnds);
  const isLong = der[time] === tags.generalizedTime;
  if (!isLong && der[time] !== tags.utcTime) throw unreadable(at);
  const digits = contentAt(der, time, entryEnds);
  if (timeEnds - digits !== (isLong ? 15 : 13)) throw noTime();
  checkTime(der, digits + (isLong ? 2 : 0));
}

/** RFC 5280 §4.1.2.5: year, month, day, hour, minute and second in UTC, with two digits each. */
const mostOf = [99, 12, 31, 23, 59, 59] as const;

function checkTime(der: Buffer, at: number): void {
  for (let pair = 0; pair < mostOf.length; pair += 1) {
    const tens = digitAt(der, at + 2 * pair);
    const value = 10 * tens + digitAt(der, at + 2 * pair + 1);
    const isDate = pair === 1 || pair === 2;
    if (value > (mostOf[pair] ?? 0) || (isDate && value === 0)) throw noTime();
  }
  if (der[at + 12] !== 0x5a) throw noTime();
}

function digitAt(der: Buffer, at: number): number {
  const digit = (der[at] ?? 0) - 0x30;
  if (digit < 0 || digit > 9) throw noTime();
  return digit;
}

function significant(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to - 1 && bytes[at] === 0) at += 1;
  return at;
}

/** The position at which the content of the element begins. */
function contentAt(der: Buffer, at: number, limit: number): number {
  const first = der[at + 1] ?? 0;
  const lengthBytes = first & 0x80 ? first & 0x7f : 0;
  if (first === 0x80 || lengthBytes > 4 || at + 2 + lengthBytes > limit) throw unreadable(at);
  return at + 2 + lengthBytes;
}

/** The position at which the next element begins. */
function endAt(der: Buffer, at: number, limit: number): number {
  const begins = contentAt(der, at, limit);
  const lengthBytes = begins - at - 2;
  const length = lengthBytes > 0 ? der.readUIntBE(at + 2, lengthBytes) : (der[at + 1] ?? 0);
  if (begins + length > limit) throw unreadable(at);
  return begins + length;
}

function unreadable(at: number): RangeError {
  return new RangeError(`the entry at ${at} cannot be read`);
}

function noTime(): Error {
  return invalid('holds a time that is none');
}
