import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

/** Lines that stand together in a page as they are typed, or as they are printed. */
export type Block = {
  readonly page: string;
  /** Of its first line. */
  readonly line: number;
  readonly lines: readonly string[];
};

/** What people read who install and operate certkeep. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/README.md',
  ...readdirSync(new URL('docs', root), { encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The indented blocks of a page, and the fenced ones that say they are of a shell. */
export function blocksOf(page: string): readonly Block[] {
  const lines = readFileSync(new URL(page, root), 'utf8').split('\n');
  const blocks: { page: string; line: number; lines: string[] }[] = [];
  let fence: string | null = null;
  let open: string[] | null = null;
  for (const [index, text] of lines.entries()) {
    const [, language] = /^ *```(\w*)/.exec(text) ?? [];
    if (language !== undefined) {
      fence = fence === null ? language : null;
      open = null;
    } else if (fence === null ? /^ {4,}\S/.test(text) : fence === 'sh') {
      if (!open) {
        open = [];
        blocks.push({ page, line: index + 1, lines: open });
      }
      open.push(text);
    } else {
      open = null;
    }
  }
  return blocks;
}

/** How a block begins that people type; the others show what is printed, or how folders stand. */
const typed =
  /^(?:aws|certbot|cp|curl|dig|echo|export|for|git|go|kubectl|mkdir|node|npm|npx|openssl|terraform)\s|^[A-Z_]+=/;

export function isTyped({ lines }: Pick<Block, 'lines'>): boolean {
  return typed.test(lines[0]?.trim() ?? '');
}

/** Commands that a page names within a sentence. */
export function inlineCommandsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(page, root), 'utf8')
    .replace(/^ *```[\s\S]*?^ *```/gm, '')
    .replace(/^ {4,}.*$/gm, '');
  return [...text.matchAll(/`((?:aws|npx|npm) [^`]+)`/g)].map(([, command = '']) =>
    command.replace(/\s+/g, ' '),
  );
}

/** What a shell would run one after the other: several lines where a line does not end what it began. */
export function statementsOf({ lines }: Pick<Block, 'lines'>): readonly string[] {
  const statements: string[] = [];
  let open: string[] = [];
  for (const line of lines) {
    open.push(open.length === 0 ? line.trim() : line);
    const text = open.join('\n');
    if (!isWhole(text)) continue;
    statements.push(text);
    open = [];
  }
  return open.length > 0 ? [...statements, open.join('\n')] : statements;
}

function isWhole(text: string): boolean {
  if (/(?:\\|\||&&)\s*$/.test(text)) return false;
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/ # .*$/gm, '');
  if (/["']/.test(bare.replace(/'[^']*'/g, ''))) return false;
  const loops = (word: RegExp) => (bare.match(word) ?? []).length;
  return loops(/(?:^|[\s;|])(?:for|while) /g) <= loops(/(?:^|[\s;])done\b/g);
}

/** A part of the shell, or a small tool that is not worth a word. */
const plain =
  /^(?:export|echo|jq|for|while|do|done|cat|awk|tr|sort|head|read|date|cp|cd|mkdir|rm|crontab|sleep)\b|^[A-Z_]+=/;

/**
 * The programs that a statement runs, each with the words that say what it does: `aws s3 cp`, `npx cdk deploy`,
 * `aws lambda invoke certkeep-check:retry`.
 */
export function commandsIn(statement: string): readonly string[] {
  const text = statement.replace(/ # .*$/gm, '').replaceAll('\\\n', ' ');
  if (/^node -e /.test(text)) return ['node'];
  const outsideOfQuotes = text
    .replace(/'[^']*'/g, "''")
    .replace(/"(?!\$\()(?:[^"\\]|\\.)*"/g, '""');
  return outsideOfQuotes
    .split(/\$\(|\||;|&&|\n|\bdo\b/)
    .map((part) => part.trim().replace(/^(?:[A-Z_]+=\S+ )+/, ''))
    .filter((part) => part !== '' && !plain.test(part) && /^[a-z]/.test(part))
    .map(formOf);
}

function formOf(command: string): string {
  const words = command.split(/\s+/);
  const [program = '', ...rest] = words;
  if (program === 'aws' && rest[0] === 'lambda' && rest[1] === 'invoke') {
    return `aws lambda invoke ${rest[rest.indexOf('--function-name') + 1]}`;
  }
  if (program === 'npx' && rest[0] === 'vitest')
    return rest[1] === 'run' ? 'npx vitest run' : 'npx vitest';
  if (program === 'npm' && rest[0] === 'run') {
    const of = rest.filter((word) => word !== '-s' && word !== '--');
    return ['npm', ...of.slice(0, of[1] === 'certkeep' ? 3 : 2)].join(' ');
  }
  const kept = { aws: 2, npx: 2, npm: 1, kubectl: 2, git: 1, docker: 1, openssl: 1, go: 1 };
  const count = kept[program as keyof typeof kept] ?? 0;
  return [program, ...rest.filter((word) => !word.startsWith('-')).slice(0, count)].join(' ');
}
