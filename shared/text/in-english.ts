import english from 'zod/v4/locales/en.js';

/**
 * zod/mini has no messages of its own, and a module that sets them globally would load in an accidental order. Pass this
 * where somebody reads the errors: `schema.safeParse(value, inEnglish)`.
 */
export const inEnglish = { error: english().localeError };
