// npm run bench -- [--list FILE] [--files N] [--rounds N] [--no-tally]: prints, asserts nothing. See README.md.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { coldStart } from './cold-start.mjs';
import { rebuild } from './rebuild.mjs';
import { throughput } from './throughput.mjs';

const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const { values } = parseArgs({
  allowNegative: true,
  options: {
    list: { type: 'string' },
    files: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '21' },
    tally: { type: 'boolean', default: true },
  },
});

if (!existsSync(cli)) {
  console.error('dist/cli.cjs is missing; npm run build makes it');
  process.exit(2);
}
coldStart({ cli, rounds: Number(values.rounds), withTally: values.tally });
throughput({ cli, list: values.list, limit: Number(values.files) });
await rebuild();
