import { registerHooks } from 'node:module';
import { mutations } from './mutations.ts';

const root = new URL('../../../', import.meta.url).href;
const named = process.env.CERTKEEP_MUTATION;
const mutation = mutations.find(({ name }) => name === named);
if (!mutation) throw new Error(`CERTKEEP_MUTATION is ${named}, which is no mutation`);

/** Breaks the rule when its file is loaded. A rule whose source has changed is an error here. */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const patches = mutation.patches.filter(({ file }) => url === root + file);
    if (patches.length === 0) return loaded;
    const text = Buffer.from(loaded.source as Uint8Array).toString();
    const source = patches.reduce((before, { file, from, to }) => {
      if (before.split(from).length === 2) return before.replace(from, () => to);
      throw new Error(`mutation ${mutation.name}: ${file} does not hold once: ${from}`);
    }, text);
    return { ...loaded, source };
  },
});
