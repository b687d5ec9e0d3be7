import { writeFile } from 'node:fs/promises';
import { billOfMaterials } from './sbom/bill.ts';
import { bundledPackages } from './sbom/bundled.ts';
import { lockedPackages } from './sbom/locked.ts';

/**
 * Writes the packages inside the functions as a CycloneDX SBOM: `npm run sbom -- FILE`, by default certkeep.cdx.json. The
 * same sources and lock file give the same bytes.
 */
const [file = 'certkeep.cdx.json'] = process.argv.slice(2);

const bill = billOfMaterials(await bundledPackages(), lockedPackages());
await writeFile(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${file}: ${bill.components.length} components`);
