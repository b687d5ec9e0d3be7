/** RFC 8555 §6.1 requires one, and Pebble 2.10 refuses requests without. A test ties it to package.json. */
export const userAgent = 'certkeep/0.1.0';
