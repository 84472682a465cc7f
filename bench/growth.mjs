// Time for inputs of a size and of twice that size: 2 is linear, 4 quadratic. node bench/growth.mjs [NAME…] (after tsc)
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const out = fileURLToPath(new URL('../out/', import.meta.url));

export async function growth(names = []) {
  if (!existsSync(out)) {
    console.error('out is missing; npm run compile makes it');
    return;
  }
  const [{ lint, order, rebuild }, { largeContext, largeDockerfiles, largeIgnoreFiles }] = await Promise.all(
    ['server/index', 'test/helpers/large-dockerfiles'].map((name) => import(`${out}${name}.js`)),
  );
  const files = largeContext(100);
  const commits = [['d1/f1'], ['package.json']];
  const actions = {
    lint: [2000, (text) => lint({ path: 'Dockerfile', text, files })],
    rebuild: [500, (text) => rebuild({ text, files }, { text, files: { ...files, 'd1/f1': 'y' } })],
    order: [250, (text) => order({ text, files, commits })],
  };
  for (const [action, [size, run]] of Object.entries(actions)) print(action, largeDockerfiles, size, run);
  const context = largeContext(5000);
  print('lint of an ignore file', largeIgnoreFiles, 500, (text) =>
    lint({ path: '.dockerignore', text, files: { ...context, '.dockerignore': text } }),
  );

  function print(action, inputs, size, run) {
    console.log(`${action}, sizes ${size} and ${2 * size}`);
    for (const [name, textOf] of Object.entries(inputs)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const [once, twice] = [size, 2 * size].map((one) => fastest(() => run(textOf(one))));
      console.log(`  ${name}: ${once.toFixed(0)} ms, ${twice.toFixed(0)} ms: x ${(twice / once).toFixed(1)}`);
    }
  }
}

/** Of three, in milliseconds; the first one also warms up. */
function fastest(run) {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await growth(process.argv.slice(2));
