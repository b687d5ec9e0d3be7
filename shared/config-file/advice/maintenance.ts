import { nearest } from '#shared/text/suggest.ts';
import type { Advice } from './advice.ts';

const forms = 'Write days and times: Sat 22:00-06:00, Mon-Fri 09:00-17:00 or daily 02:00-04:00.';

export const windowAdvice: Advice = (value) => {
  if (/\b\d{4}-\d\d-\d\d\b/.test(value)) {
    return {
      message: 'is a date, and windows are parts of the week',
      fix: 'Write dates as "freeze: [2026-12-15..2027-01-05]", beside "allow:" or "forbid:".',
    };
  }
  if (value.includes('24:00')) {
    const meant = value.replace(/\b24:00/g, '00:00');
    return { fix: `Write 00:00 for 24:00: "${meant}". Up to the same time is a whole day.` };
  }
  if (/^(?:[\d*/,?-]+\s+){4,5}[\w*/,?#-]+$/.test(value)) {
    return { message: 'is a time of cron, not a weekly window', fix: forms };
  }
  return null;
};

export const dateAdvice: Advice = (value) =>
  value.includes('..')
    ? null
    : { fix: 'Write the first and the last day: 2026-12-15..2027-01-05, or one day: 2026-12-24.' };

/** Considers only the time zones of cities, which people mean, of all that Node knows. */
export const timeZoneAdvice: Advice = (value) => {
  const zones = Intl.supportedValuesOf('timeZone');
  const wanted = value.trim().replaceAll(' ', '_').toLowerCase();
  const city = (zone: string) => zone.slice(zone.lastIndexOf('/') + 1);
  const meant =
    zones.find((zone) => zone.toLowerCase() === wanted || city(zone).toLowerCase() === wanted) ??
    nearest(value, zones) ??
    zones.find((zone) => city(zone) === nearest(value, zones.map(city)));
  return {
    fix: meant
      ? `Did you mean ${meant}?`
      : 'Write an IANA name of a region and a city, such as Europe/Berlin or America/New_York; or UTC.',
  };
};
