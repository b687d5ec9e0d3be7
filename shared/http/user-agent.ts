/** A test ties it to package.json. */
export const version = '0.1.0';

/** RFC 8555 §6.1 requires one, and Pebble 2.10 refuses requests without. */
export const userAgent = `certkeep/${version}`;
