import english from 'zod/v4/locales/en.js';

/**
 * zod/mini has no words of its own, and a module that sets them for everybody would be loaded by chance:
 * `schema.safeParse(value, inEnglish)` wherever somebody reads what is wrong.
 */
export const inEnglish = { error: english().localeError };
