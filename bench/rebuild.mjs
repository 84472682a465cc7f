// What a change does to 300 steps over a context of 50,000 files, beside 100,000 ignored ones. node bench/rebuild.mjs (after tsc)
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folders = 500;
const filesInFolder = 100;
const ignoredFiles = 100_000;

const out = fileURLToPath(new URL('../out/server/', import.meta.url));

/** The answer of `layerwise rebuild` once the context is read, for several changes. */
export async function rebuild() {
  if (!existsSync(out)) {
    console.error('out/server is missing; npm run compile makes it');
    return;
  }
  const [{ compareContexts }, { rebuildOf }, { createContext }, { parseDockerfile }] = await Promise.all(
    ['cache/change', 'cache/rebuild', 'model/context', 'syntax/dockerfile'].map((name) => import(`${out}${name}.js`)),
  );
  const { text, steps } = dockerfile();
  const sideOf = (versions, edited = text) => {
    const source = bigSource(versions);
    const options = { name: '.', origin: 'folder', dockerfile: 'Dockerfile', source };
    const identity = (path) => `${path}:${versions.get(path) ?? 1}`;
    const side = { file: parseDockerfile(edited), context: createContext(options), buildArgs: new Map(), identity };
    return { side, source };
  };
  console.log(`rebuild, ${steps} steps over ${(folders * filesInFolder).toLocaleString('en')} files`);
  const changes = {
    'one file': [new Map([['src/f7/x7.js', 2]]), text],
    'one file of every folder': [
      new Map(Array.from({ length: folders }, (_, index) => [`src/f${index}/x1.js`, 2])),
      text,
    ],
    'the first RUN': [new Map(), text.replace('RUN setup', 'RUN set-up')],
  };
  for (const [name, [versions, edited]] of Object.entries(changes)) {
    const [before, after] = [sideOf(new Map()), sideOf(versions, edited)];
    let start = performance.now();
    const files = compareContexts(before.side, after.side);
    const read = performance.now() - start;
    start = performance.now();
    const { summary } = rebuildOf({ before: before.side, after: after.side, files });
    const answer = performance.now() - start;
    console.log(
      `  ${name}: ${answer.toFixed(0)} ms (goal 300) after ${read.toFixed(0)} ms for both contexts; ${JSON.stringify(summary)}`,
    );
    if (before.source.entered() > 0) console.log('  node_modules WAS ENTERED');
  }
}

/** A monorepo: a stage installs and builds its packages one by one, others take its outputs and sources. */
function dockerfile() {
  const lines = ['FROM node AS build', 'RUN setup', 'COPY package.json ./'];
  for (let index = 0; index < 100; index++) {
    lines.push(`COPY src/f${index} /src/f${index}`, `RUN build src/f${index}`);
  }
  lines.push('FROM scratch AS files', 'COPY . /all', 'COPY --exclude=**/x1.js src /src', 'FROM node');
  for (let index = 0; index < 40; index++) {
    lines.push(`COPY --from=files /all/src/f${index}/*.js /f${index}/`);
    lines.push(`COPY --from=build /src/f${index}/x5.js /x/${index}.js`);
  }
  lines.push('RUN --mount=type=bind,target=/m check', 'COPY src/*/x9.js /nine/');
  while (lines.length < 303) lines.push(`COPY --link src/f${lines.length} /linked/f${lines.length}`);
  return { text: `${lines.join('\n')}\n`, steps: lines.filter((line) => !line.startsWith('FROM')).length };
}

function bigSource(versions) {
  let entered = 0;
  const entry = (path, type) => ({ path, type, size: 1, mode: type === 'file' ? 0o644 : 0o755, link: undefined });
  const list = (folder) => {
    if (folder === '') {
      return [
        ...['.dockerignore', 'Dockerfile', 'package.json'].map((path) => entry(path, 'file')),
        ...['node_modules', 'src'].map((path) => entry(path, 'directory')),
      ];
    }
    if (folder === 'src') return Array.from({ length: folders }, (_, index) => entry(`src/f${index}`, 'directory'));
    if (folder.startsWith('node_modules')) {
      entered++;
      return Array.from({ length: ignoredFiles }, (_, index) => entry(`${folder}/m${index}.js`, 'file'));
    }
    return Array.from({ length: filesInFolder }, (_, index) => entry(`${folder}/x${index}.js`, 'file'));
  };
  const read = (path) => (path === '.dockerignore' ? 'node_modules\n' : undefined);
  return { list, read, gitIgnored: () => undefined, entered: () => entered, versions };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await rebuild();
