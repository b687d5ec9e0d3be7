import type * as z from 'zod';
import type { Finding, Path } from '#shared/schema/finding.ts';
import { nearest } from '#shared/text/suggest.ts';
import type { Words } from '../advice/advice.ts';
import { unknownKeyFix } from '../advice/unknown-keys.ts';
import { valueAdvice } from '../advice/values.ts';
import { printable } from './problem.ts';
import { isOfAnotherKind, type SchemaPlace, schemaAt, valueAt } from './schema-at.ts';

type Issue = z.core.$ZodIssue;

/** Turns zod's issues into words for a person. `source` returns a scalar as it is written in the file. */
export function findingsOf(
  issue: Issue,
  schema: z.ZodType,
  raw: unknown,
  source: (path: Path) => string | null,
): readonly Finding[] {
  const path = issue.path as Path;
  const place = schemaAt(schema, raw, path);
  const inside = issuesInside(issue, valueAt(raw, path));
  if (inside) return inside.flatMap((each) => findingsOf(each, schema, raw, source));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, place.keys));
  }
  const value = valueAt(raw, path);
  const general =
    value === undefined || value === null
      ? absent(issue, path, value === null, place)
      : wrong(issue, path, value, place, source(path));
  const { message, fix } = { ...general, ...valueAdvice(path, value, raw) };
  const shown = issue.code === 'custom' ? issue.params?.value : undefined;
  return [
    {
      path,
      message,
      fix,
      ...(shown !== undefined && { value: String(shown) }),
      // A value in place of a secret's name may be the secret itself, and a URL may hold a password.
      ...(mayBeSecret(path, value, shown) && isSecret),
    },
  ];
}

/** Of a block where text or a block may stand, the issues of the block. */
function issuesInside(issue: Issue, value: unknown): readonly Issue[] | null {
  if (issue.code !== 'invalid_union' || typeof value !== 'object' || value === null) return null;
  const inside = issue.errors.find((issues) => !isOfAnotherKind(issues));
  return inside?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? null;
}

const isSecret = { isSecret: true } as const;

function mayBeSecret(path: Path, value: unknown, shownInstead: unknown): boolean {
  if (value === undefined || value === null) return false;
  return path.at(-1) === 'secret' || shownInstead !== undefined;
}

function unknownKey(path: Path, key: string, known: readonly string[]): Finding {
  // The value may be a secret in the wrong place, so only the key is shown.
  return {
    path: [...path, key],
    value: printable(key),
    message: 'is not a key known here',
    fix: unknownKeyFix(path, key, known),
    isKey: true,
    isSecret: true,
  };
}

function absent(issue: Issue, path: Path, empty: boolean, place: SchemaPlace): Words {
  const field = path.at(-1);
  const choices = choicesOf(issue);
  const fix =
    choices.length > 0
      ? `Write one of: ${choices.join(', ')}.`
      : (place.fix ??
        exampleFix(path, place) ??
        (typeof field === 'string'
          ? `Write "${printable(field)}:" and its value.`
          : 'Write a value, or remove the entry.'));
  return { message: empty ? 'is empty' : 'is missing', fix };
}

function wrong(
  issue: Issue,
  path: Path,
  value: unknown,
  place: SchemaPlace,
  source: string | null,
): Words {
  const own = place.fix ?? exampleFix(path, place);
  const general = own ?? meaningFix(place);
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value, source, own);
    case 'invalid_value':
    case 'invalid_union':
      return wrongChoice(issue, value, general);
    case 'too_small':
      return tooSmall(issue, own);
    case 'too_big':
      return {
        message: issue.message || `is more than ${issue.maximum}`,
        fix: own ?? `Write at most ${issue.maximum}.`,
      };
    case 'custom':
      return { message: issue.message, fix: String(issue.params?.fix ?? general ?? removeIt) };
    default:
      return { message: issue.message || 'is not valid here', fix: general ?? removeIt };
  }
}

/** Applies only where the schema suggests no fix. */
const removeIt = 'Remove it, or write what the example file has there: certkeep.example.yaml.';

function meaningFix({ meaning }: SchemaPlace): string | null {
  return meaning === null ? null : `What belongs here: ${meaning}`;
}

function wrongType(
  expected: string,
  value: unknown,
  source: string | null,
  general: string | null,
): Words {
  if (expected === 'string' && typeof value !== 'object') {
    // The value read differs from the text: YAML reads 010 as 10 and 1e3 as 1000.
    const text = printable(source ?? String(value));
    return {
      message: `is a ${typeof value} in YAML where text is meant`,
      fix: `Put it in quotes: "${text}".`,
    };
  }
  const kind = kinds[expected];
  return {
    message: `is not ${kind?.name ?? `of type ${expected}`}`,
    fix: general ?? kind?.fix ?? removeIt,
  };
}

const list = {
  name: 'a list',
  fix: 'Write each entry on a line of its own that starts with "- ".',
};
const block = { name: 'a block of keys', fix: 'Write each key on an indented line of its own.' };
const kinds: Readonly<Record<string, { readonly name: string; readonly fix: string }>> = {
  string: { name: 'text', fix: 'Write one value, not a list or a block.' },
  array: list,
  object: block,
  record: block,
  number: { name: 'a number', fix: 'Write a number without quotes.' },
  int: { name: 'a whole number', fix: 'Write a whole number.' },
  boolean: { name: 'true or false', fix: 'Write true or false, without quotes.' },
};

function wrongChoice(issue: Issue, value: unknown, general: string | null): Words {
  const choices = choicesOf(issue);
  const meant = typeof value === 'string' ? nearest(value, choices) : null;
  const known = choices.length === 1 ? choices.join() : `one of: ${choices.join(', ')}`;
  return {
    message: issue.message || `is not ${known}`,
    fix: meant
      ? `Did you mean "${meant}"?`
      : choices.length > 1
        ? `Write ${known}.`
        : (general ?? (choices[0] ? `Write "${choices[0]}".` : removeIt)),
  };
}

function choicesOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  // One of them, or a list of them.
  return issue.errors.flat().flatMap((each) => (each.path.length === 0 ? choicesOf(each) : []));
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, general: string | null): Words {
  if (issue.origin === 'array') {
    return { message: 'has no entries', fix: 'Write at least one entry.' };
  }
  if (issue.origin === 'string') return { message: 'is empty', fix: general ?? 'Write a value.' };
  return {
    message: issue.message || `is less than ${issue.minimum}`,
    fix: general ?? `Write at least ${issue.minimum}.`,
  };
}

function exampleFix(path: Path, { example }: SchemaPlace): string | null {
  if (example === undefined || typeof example === 'object') return null;
  return `Write it like this: "${String(path.at(-1))}: ${String(example)}".`;
}
