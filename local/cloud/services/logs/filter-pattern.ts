import { AwsError } from '../../wire/service.ts';
import { jsonPattern } from './json-pattern.ts';

type Matches = (line: string) => boolean;

/**
 * A filter pattern of terms (`ERROR`, `"run failed"`, `-debug`, `?a ?b`), or of JSON selectors that are
 * joined by &&, || and parentheses (`{ $.outcome = "AccessDenied" && ($.durationMs > 100 || $.level = "ERROR") }`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError for every other form
 */
export function filterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text) ?? refuse(pattern);
  if (/^[[%]/.test(text)) refuse(pattern);
  const terms = (text.match(/[-?]?(?:"(?:[^"\\]|\\.)*"|\S+)/g) ?? []).map(termOf);
  const optional = terms.filter(({ sign }) => sign === '?');
  const others = terms.filter(({ sign }) => sign !== '?');
  return (line) =>
    others.every(({ sign, word }) => line.includes(word) === (sign !== '-')) &&
    (optional.length === 0 || optional.some(({ word }) => line.includes(word)));
}

function termOf(term: string): { readonly sign: string; readonly word: string } {
  const [, sign = '', quoted = ''] = /^([-?]?)(.+)$/.exec(term) ?? [];
  const isQuoted = quoted.length > 1 && quoted.startsWith('"') && quoted.endsWith('"');
  return { sign, word: isQuoted ? quoted.slice(1, -1).replaceAll('\\"', '"') : quoted };
}

function refuse(pattern: string): never {
  throw new AwsError(
    'NotImplemented',
    `local: the filter pattern ${pattern} is not implemented`,
    501,
  );
}
