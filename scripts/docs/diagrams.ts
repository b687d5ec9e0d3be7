import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

type Diagram = readonly [name: string, file: string];

/** The page with the diagrams from the top of these files, each between its markers. @throws Error where one is missing */
export function withDiagrams(page: string, diagrams: readonly Diagram[]): string {
  return diagrams.reduce((text, diagram) => withDiagram(text, diagram), textOf(page));
}

function withDiagram(text: string, [name, file]: Diagram): string {
  const [begin, end] = [`<!-- diagram ${name}: begin -->`, `<!-- diagram ${name}: end -->`];
  const [before, rest] = text.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`no place for ${name}`);
  return `${before}${begin}\n\`\`\`text\n${diagramOf(file)}\n\`\`\`\n${end}${after}`;
}

/** The first comment of a file that is not a doc comment. */
function diagramOf(file: string): string {
  const [, comment] = /^\/\*\n(.*?)\n \*\/$/ms.exec(textOf(file)) ?? [];
  if (!comment) throw new Error(`${file} has no diagram`);
  return comment.replaceAll(/^ \* ?/gm, '');
}

function textOf(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
