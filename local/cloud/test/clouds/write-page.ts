import { writeFile } from 'node:fs/promises';
import { cloudsPage } from './page.ts';

/** Writes docs/clouds.md; that it is not stale is a test beside this file. */
await writeFile(new URL('../../../../docs/clouds.md', import.meta.url), `${cloudsPage()}\n`);
