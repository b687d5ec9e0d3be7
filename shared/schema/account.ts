import * as z from 'zod';
import { hints } from './hints.ts';

/** The number of an AWS account as a text, since YAML would drop leading zeros. */
export const accountSchema = z
  .string()
  .regex(/^\d{12}$/, 'is not the number of an AWS account')
  .register(hints, { fix: 'Write the twelve digits in quotes: "123456789012".' });
