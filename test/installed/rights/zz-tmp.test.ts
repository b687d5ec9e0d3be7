import { expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';
import { play } from './run.ts';
import { retired } from './retired.ts';
import { uploaded } from './uploaded.ts';
import { statementsIn, without } from './statements.ts';

for (const scenario of [uploaded, retired]) {
  test(`plays ${scenario.name}`, { timeout: 200_000 }, async () => {
    const { problems, decisions } = await play(scenario);
    expect(problems).toEqual([]);
    const all = statementsIn(assemblyOf(readBack(scenario.source).config)).filter(({ sid }) => /ServerCert/.test(sid));
    console.log(all.map(({ role, sid, actions }) => `${role} ${sid} ${actions}`).join('\n'));
    const used = new Map<string, Set<string>>();
    for (const { role, action, decidedBy } of decisions) for (const { sid } of decidedBy) {
      const key = `${role.split('/').at(-1)} ${sid}`;
      used.set(key, (used.get(key) ?? new Set()).add(action));
    }
    const idle = all.flatMap((s) => s.actions.filter((a) => !used.get(`${s.role} ${s.sid}`)?.has(a)).map((a) => `${s.role} ${s.sid} ${a}`));
    expect(idle).toEqual([]);
  });
  test.each(statementsIn(assemblyOf(readBack(scenario.source).config)).filter(({ sid }) => /ServerCert/.test(sid)))(
    `${scenario.name} without $sid of $role`, { timeout: 200_000 }, async (statement) => {
      const { problems } = await play(scenario, (a) => without(a, [statement]));
      expect(problems).not.toEqual([]);
    });
}
