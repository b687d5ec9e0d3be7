import * as z from 'zod';
import { looksLikeSecret } from './secret-value.ts';

/**
 * The name of a secret. It refuses what looks like the secret itself, since the value appears in templates and policies in
 * plain text.
 */
export function secretName(form: RegExp, message: string) {
  return z.string().superRefine((written, context) => {
    if (looksLikeSecret(written)) {
      context.addIssue({ code: 'custom', message: isValue, params: { fix: putAway } });
    } else if (!form.test(written)) {
      context.addIssue({ code: 'custom', message, params: { fix } });
    }
  });
}

const isValue =
  'looks like the secret itself, not like its name: it would stand in templates and policies for everybody to read';
const putAway =
  'Put it into Secrets Manager (aws secretsmanager create-secret --name dns/example --secret-string …), write that name here, and replace what has stood in this file. If it is a name, choose one that holds a word.';
const fix = 'Write the name of the secret in Secrets Manager, such as "secret: dns/example".';
