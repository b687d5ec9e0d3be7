import { AwsError } from '../../wire/service.ts';

type Matches = (line: string) => boolean;

/**
 * A filter pattern of terms (`ERROR`, `"run failed"`, `-debug`, `?a ?b`), or of one JSON selector or several that are joined
 * by && (`{ $.outcome = "AccessDenied" && $.durationMs > 100 }`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError for every other form
 */
export function filterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text);
  if (/^[[%]/.test(text)) throw unknown(pattern);
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

const condition =
  /^\$\.([\w.]+)\s*(=|!=|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|([\w*.:/-]+))$/;

function jsonPattern(text: string): Matches {
  if (!text.endsWith('}')) throw unknown(text);
  const conditions = text
    .slice(1, -1)
    .split('&&')
    .map((part) => conditionOf(part.trim(), text));
  return (line) => {
    const value = json(line);
    return value !== undefined && conditions.every((matches) => matches(value));
  };
}

function conditionOf(part: string, whole: string): (value: unknown) => boolean {
  const [, path, operator, quoted, number, word] = condition.exec(part) ?? [];
  if (path === undefined || operator === undefined) throw unknown(whole);
  const at = (value: unknown) =>
    path
      .split('.')
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value);
  if (number !== undefined) return (value) => compared(at(value), operator, Number(number));
  if (operator !== '=' && operator !== '!=') throw unknown(whole);
  const wanted = wildcard(quoted ?? word ?? '');
  return (value) => {
    const found = at(value);
    return found !== undefined && wanted.test(String(found)) === (operator === '=');
  };
}

function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function compared(found: unknown, operator: string, wanted: number): boolean {
  if (typeof found !== 'number') return false;
  switch (operator) {
    case '=':
      return found === wanted;
    case '!=':
      return found !== wanted;
    case '<':
      return found < wanted;
    case '<=':
      return found <= wanted;
    case '>':
      return found > wanted;
    default:
      return found >= wanted;
  }
}

/** Undefined for a line that is not JSON. */
function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function unknown(pattern: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `local: the filter pattern ${pattern} is not implemented`,
    501,
  );
}
