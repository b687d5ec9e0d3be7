import { checkConfig } from '#infra/config-file.ts';
import type { ConfigProblem } from '#shared/config-file/messages/problem.ts';
import { configText, type Draft } from './config-text.ts';

export type CheckedDraft = {
  readonly text: string;
  readonly draft: Draft;
  readonly warnings: readonly ConfigProblem[];
  /** What is wrong besides the certificates; empty for a text that can be deployed once the terms are agreed to. */
  readonly problems: readonly ConfigProblem[];
};

/**
 * Writes a file that passes the checks: a certificate that they refuse is not managed, and the file says why. Pure.
 */
export function checkedDraft(draft: Draft, file: string): CheckedDraft {
  // The terms are for a person to agree to, and no reason to leave a certificate out.
  const checked = checkConfig(configText({ ...draft, hasAgreed: true }), file);
  if (checked.ok) {
    return { draft, text: configText(draft), warnings: checked.warnings, problems: [] };
  }
  const refused = new Map(checked.problems.flatMap((each) => ofCertificate(each, draft)));
  if (refused.size === 0) {
    return { draft, text: configText(draft), warnings: [], problems: checked.problems };
  }
  const left = draft.candidates.filter(({ id }) => refused.has(id));
  return checkedDraft(
    {
      ...draft,
      candidates: draft.candidates.filter((each) => !left.includes(each)),
      unmanaged: [
        ...draft.unmanaged,
        ...left.map(({ arns, id, names, notAfter }) => ({
          ...{ arns, name: names[0] ?? id, notAfter, why: refused.get(id) ?? '' },
        })),
      ],
    },
    file,
  );
}

function ofCertificate({ message, path, value }: ConfigProblem, { candidates }: Draft) {
  const id = /^certificates\.([a-z0-9-]+)/.exec(path)?.[1];
  return candidates.some((each) => each.id === id)
    ? [[id ?? '', `the checks refuse it: ${value} ${message}`] as const]
    : [];
}
