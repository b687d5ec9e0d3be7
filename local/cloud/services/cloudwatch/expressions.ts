import { AwsError } from '../../wire/service.ts';
import type { Values } from './values.ts';

type Operator = '+' | '-' | '*' | '/' | '^';

type Node =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'metric'; readonly id: string }
  | { readonly is: 'fill'; readonly of: Node; readonly by: number | 'REPEAT' | 'LINEAR' }
  | {
      readonly is: 'operation';
      readonly operator: Operator;
      readonly left: Node;
      readonly right: Node;
    };

export type Expression = { readonly root: Node; readonly ids: readonly string[] };

/**
 * Metric math as far as it is known here: numbers, ids, `+ - * / ^`, parentheses and FILL.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws AwsError for everything else
 */
export function expressionOf(text: string): Expression {
  const tokens = tokensOf(text);
  const ids: string[] = [];
  let at = 0;

  function taken(...wanted: readonly string[]): string | null {
    const token = tokens[at];
    if (token === undefined || !wanted.includes(token)) return null;
    at += 1;
    return token;
  }

  function expect(wanted: string): void {
    if (taken(wanted) === null) throw unknown(text);
  }

  function sum(): Node {
    let left = product();
    for (let operator = taken('+', '-'); operator; operator = taken('+', '-')) {
      left = { is: 'operation', operator: operator as Operator, left, right: product() };
    }
    return left;
  }

  function product(): Node {
    let left = power();
    for (let operator = taken('*', '/'); operator; operator = taken('*', '/')) {
      left = { is: 'operation', operator: operator as Operator, left, right: power() };
    }
    return left;
  }

  function power(): Node {
    if (taken('-')) {
      return { is: 'operation', operator: '-', left: { is: 'number', value: 0 }, right: power() };
    }
    const left = single();
    return taken('^') ? { is: 'operation', operator: '^', left, right: power() } : left;
  }

  function single(): Node {
    const token = tokens[at] ?? '';
    at += 1;
    if (/^[\d.]/.test(token)) return { is: 'number', value: Number(token) };
    if (token === '(') {
      const inner = sum();
      expect(')');
      return inner;
    }
    if (token === 'FILL') return fill();
    if (!/^[a-z]/.test(token)) throw unknown(text);
    ids.push(token);
    return { is: 'metric', id: token };
  }

  function fill(): Node {
    expect('(');
    const of = sum();
    expect(',');
    const by = taken('REPEAT', 'LINEAR') as 'REPEAT' | 'LINEAR' | null;
    const sign = by === null && taken('-') ? -1 : 1;
    const value = by ?? sign * Number(tokens[at++]);
    if (Number.isNaN(value)) throw unknown(text);
    expect(')');
    return { is: 'fill', of, by: value };
  }

  const root = sum();
  if (at < tokens.length) throw unknown(text);
  return { root, ids };
}

function tokensOf(text: string): readonly string[] {
  const tokens = text.match(/\d+(?:\.\d+)?|\w+|[^\s\w]/g);
  if (!tokens) throw unknown(text);
  return tokens;
}

/** An operation has no value where one of its two sides has none, nor where it divides by zero. */
export function evaluated(
  { root }: Expression,
  length: number,
  valuesOf: (id: string) => Values,
): Values {
  function of(node: Node): Values {
    if (node.is === 'number') return Array.from({ length }, () => node.value);
    if (node.is === 'metric') return valuesOf(node.id);
    if (node.is === 'fill') return filled(of(node.of), node.by);
    const [left, right] = [of(node.left), of(node.right)];
    return left.map((one, index) => computed(node.operator, one, right[index] ?? null));
  }
  return of(root);
}

function computed(operator: Operator, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  const value = {
    '+': left + right,
    '-': left - right,
    '*': left * right,
    '/': left / right,
    '^': left ** right,
  }[operator];
  return Number.isFinite(value) ? value : null;
}

/** `REPEAT` repeats what came before, `LINEAR` draws a line across the gap; neither knows what to do at an open end. */
function filled(values: Values, by: number | 'REPEAT' | 'LINEAR'): Values {
  return values.map((value, index) => {
    if (value !== null || typeof by === 'number') return value ?? (by as number);
    const before = values.findLastIndex((each, other) => other < index && each !== null);
    if (before < 0) return null;
    const start = values[before] as number;
    if (by === 'REPEAT') return start;
    const after = values.findIndex((each, other) => other > index && each !== null);
    if (after < 0) return null;
    return start + ((values[after] as number) - start) * ((index - before) / (after - before));
  });
}

function unknown(text: string): AwsError {
  return new AwsError('NotImplemented', `local: the expression ${text} is not implemented`, 501);
}
