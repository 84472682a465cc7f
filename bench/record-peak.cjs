// Preloaded into a measured process: leaves its peak resident memory (kB) in a file.
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.LAYERWISE_BENCH_PEAK, String(process.resourceUsage().maxRSS)));
