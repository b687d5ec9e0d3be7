import { intrinsicIn } from './intrinsics.ts';
import { DeployProblem } from './problem.ts';
import type { Resource, Template } from './template.ts';

/** The logical ids of a stack, each after those that it refers to or depends on. */
export function inOrder(stack: string, { Resources }: Template): readonly string[] {
  const placed = new Set<string>();
  function place(id: string, above: readonly string[]): void {
    if (placed.has(id)) return;
    if (above.includes(id)) {
      const circle = [...above.slice(above.indexOf(id)), id].join(' -> ');
      throw new DeployProblem(`stack ${stack}`, `resources depend on each other: ${circle}`);
    }
    const { Properties, DependsOn } = Resources[id] as Resource;
    const missing = DependsOn.find((other) => !Resources[other]);
    if (missing) throw new DeployProblem(`stack ${stack}, ${id}`, `there is no ${missing}`);
    for (const other of new Set([...DependsOn, ...namesIn(Properties)])) {
      if (Resources[other]) place(other, [...above, id]);
    }
    placed.add(id);
  }
  for (const id of Object.keys(Resources)) place(id, []);
  return [...placed];
}

/** The names in Ref, Fn::GetAtt and Fn::Sub of a value, resources or not. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  const called = intrinsicIn(value);
  const inside = Object.values(value).flatMap(namesIn);
  switch (called?.name) {
    case 'Ref':
      return [String(called.argument)];
    case 'Fn::GetAtt':
      return [String([called.argument].flat()[0]).split('.')[0] ?? '', ...inside];
    case 'Fn::Sub': {
      const template = String([called.argument].flat()[0]);
      const names = [...template.matchAll(/\$\{\s*([\w:]+)/g)].map(([, name = '']) => name);
      return [...names, ...inside];
    }
    default:
      return inside;
  }
}
