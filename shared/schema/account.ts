import * as z from 'zod';
import { hints } from './hints.ts';

/** The number of an AWS account, as it is written: YAML would drop the zeros in front. */
export const accountSchema = z
  .string()
  .regex(/^\d{12}$/, 'is not the number of an AWS account')
  .register(hints, { fix: 'Write the twelve digits in quotes: "123456789012".' });
