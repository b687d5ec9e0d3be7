type Matches = (value: unknown) => boolean;

/**
 * Conditions on the fields of a JSON line. Null for a form that is not implemented.
 * "() > && > ||" (FilterAndPatternSyntax.html, "compound expressions").
 */
export function jsonPattern(text: string): ((line: string) => boolean) | null {
  const [, inner] = /^\{([\s\S]*)\}$/.exec(text) ?? [];
  const tokens = inner === undefined ? null : tokensOf(inner);
  const matches = tokens && expression(tokens);
  if (!matches || tokens.length > 0) return null;
  return (line) => {
    const value = json(line);
    return value !== undefined && matches(value);
  };
}

/** A selector, an operator and a value; or what joins two of them. Null where something else stands between. */
function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    const [token] = /^(?:&&|\|\||[()])/.exec(rest) ?? condition.exec(rest) ?? [];
    if (token === undefined) return null;
    tokens.push(token);
    rest = rest.slice(token.length).trimStart();
  }
  return tokens;
}

const condition =
  /^\$\.([\w.]+)\s*(!=|<=|>=|=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)(?![\w*.:/-])|([\w*.:/-]+))/;

function expression(tokens: string[]): Matches | null {
  const any = joined(tokens, '||', conjunction);
  return any && ((value) => any.some((matches) => matches(value)));
}

function conjunction(tokens: string[]): Matches | null {
  const all = joined(tokens, '&&', operand);
  return all && ((value) => all.every((matches) => matches(value)));
}

/** Takes operands as long as `join` stands between them. */
function joined(
  tokens: string[],
  join: string,
  next: (tokens: string[]) => Matches | null,
): readonly Matches[] | null {
  const operands: Matches[] = [];
  for (;;) {
    const one = next(tokens);
    if (!one) return null;
    operands.push(one);
    if (tokens[0] !== join) return operands;
    tokens.shift();
  }
}

function operand(tokens: string[]): Matches | null {
  const token = tokens.shift();
  if (token !== '(') return token === undefined ? null : conditionOf(token);
  const inner = expression(tokens);
  return tokens.shift() === ')' ? inner : null;
}

function conditionOf(token: string): Matches | null {
  const [, path, operator, quoted, number, word] = condition.exec(token) ?? [];
  if (path === undefined || operator === undefined) return null;
  const at = (value: unknown) =>
    path
      .split('.')
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value);
  if (number !== undefined) return (value) => compared(at(value), operator, Number(number));
  if (operator !== '=' && operator !== '!=') return null;
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
