import * as z from 'zod';
import { regionPattern } from '#shared/region.ts';
import { hints } from './hints.ts';

const network = `^\\d{12}/${regionPattern.source.slice(1, -1)}`;

/** An account and region, as people write them: `123456789012/us-east-1`. */
export const networkKeySchema = z
  .string()
  .regex(new RegExp(`${network}$`), 'is not an account and a region')
  .register(hints, { fix: 'Write both with a slash between: "123456789012/us-east-1".' });

/** The key of a place, as people write it: `123456789012/us-east-1`, with `/iam` where IAM holds the certificates. */
export const placeKeySchema = z
  .string()
  .regex(new RegExp(`${network}(?:/iam)?$`), 'is not an account and a region')
  .register(hints, { fix: 'Write both with a slash between: "123456789012/us-east-1".' });
