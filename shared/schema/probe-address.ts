import * as z from 'zod';
import { hints } from './hints.ts';

/** `www.example.com` or `www.example.com:8443`: whom certkeep asks over TLS. */
export const probeAddress = z
  .string()
  .regex(
    /^(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::(?!0|6553[6-9]|655[4-9]\d|65[6-9]\d\d|6[6-9]\d{3}|[7-9]\d{4})\d{1,5})?$/i,
    'is not the name of a host, with or without a port',
  )
  .register(hints, { fix: 'Write a name such as www.example.com, or www.example.com:8443.' });
