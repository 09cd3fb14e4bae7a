import { writeFile } from 'node:fs/promises';
import { pagePath, providersPage } from './providers-page.ts';

await writeFile(pagePath, await providersPage());
