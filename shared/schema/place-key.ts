import * as z from 'zod';
import { regionPattern } from '#shared/region.ts';
import { hints } from './hints.ts';

/** The key of a place, as people write it: `123456789012/us-east-1`. */
export const placeKeySchema = z
  .string()
  .regex(new RegExp(`^\\d{12}/${regionPattern.source.slice(1)}`), 'is not an account and a region')
  .register(hints, { fix: 'Write both with a slash between: "123456789012/us-east-1".' });
