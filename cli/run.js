#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A checkout has the sources, and the package only what is built from them.
const sources = new URL('./certkeep.ts', import.meta.url);
const built = new URL('../dist/cli/certkeep.js', import.meta.url);
await import((existsSync(sources) ? sources : built).href);
