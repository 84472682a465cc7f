// Builds random Dockerfiles in their own order and in the advisor's, where that is another one, and compares the images:
//   npx tsc && node out/test/engine/random-orders.js [COUNT] [SEED]
import fc from 'fast-check';
import { nodeProject, propose } from '../helpers/proposals.js';
import { type Build, imageName } from './case.js';
import { type Engine, openEngines } from './engine.js';
import { makeFakeImages } from './fake-images.js';
import { buildImage, differences, imageContent } from './image-content.js';
import { loadImages } from './images.js';
import { makeOrderImages } from './order-programs.js';

const [count = '50', seed = String(Date.now())] = process.argv.slice(2);

const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(nodeProject).flatMap(([path, text]) =>
      path.startsWith('.')
        ? []
        : [
            [path, `${text}`],
            [`app/${path}`, `${text}`],
          ],
    ),
  ),
  '.dockerignore': '**/node_modules\nDockerfile\n',
  'docs/x.md': 'x',
  'conf/app.conf': 'c',
  'conf/sub/b.conf': 'b',
  'scripts/run.sh': 'echo hi\n',
};
const changed = ['app/src/a.js', 'src/a.js', 'docs/x.md', 'conf/app.conf', 'README.md'];

const command = fc.constantFrom(
  ...['npm ci', 'npm ci', 'npm install', 'npm run build', 'apk add git', 'cd docs', 'cd /srv', 'set -e', 'export A=q'],
  ...[
    'sed -i s/c/q/ conf/app.conf',
    'sed -i s/a/b/ src/a.js',
    'sed -i s/read/seen/ README.md',
    'chmod 750 scripts/run.sh',
  ],
  ...[
    'cp README.md docs/copy.md',
    'cp conf/app.conf .npmrc',
    'mv README.md READ.md',
    'mkdir -p x/y',
    'touch note docs/z',
  ],
  ...['rm -f docs/x.md', 'rm -rf src', 'echo $A > /srv/b', 'cat package.json > /srv/p', 'chmod -R a-w conf', 'true'],
);
const list = fc.array(command, { minLength: 2, maxLength: 5 }).map((commands) => `RUN ${commands.join(' && ')}`);

const single = fc.constantFrom(
  ...['WORKDIR /a', 'WORKDIR b', 'WORKDIR /a/app', 'WORKDIR app', 'WORKDIR /srv', 'USER 5', 'USER 0', 'VOLUME /vol'],
  ...['ENV A=b', 'ENV A=c', 'ENV HOME=/a', 'ARG A=z', 'LABEL l=1', 'EXPOSE 80', 'SHELL ["/bin/sh","-ec"]'],
  ...['COPY . .', 'COPY app app', 'COPY app ./', 'COPY app /a/app/', 'COPY README.md ./', 'COPY README.md docs/'],
  ...['COPY docs docs', 'COPY --chown=1:1 docs ./', 'COPY --chmod=600 conf /conf', 'COPY conf/ conf/', 'COPY src src'],
  ...[
    'COPY conf/*.conf /etc/x/',
    'COPY --link scripts /usr/local/share/s/',
    'COPY package*.json ./',
    'ADD README.md /srv/',
  ],
  ...[
    'COPY scripts/run.sh docs/x.md /opt/t/',
    'RUN npm ci',
    'RUN npm install',
    'RUN npm ci && npm run build',
    'RUN npm run build',
  ],
  ...[
    'RUN mkdir -p x && touch x/y',
    'RUN mkdir -p docs',
    'RUN apk add git',
    'RUN echo hi > note',
    'RUN cat README.md > /srv/r',
  ],
  ...[
    'RUN cp -r docs /copy',
    'RUN cp -r conf /opt/conf',
    'RUN cp -r src /opt/src',
    'RUN echo changed > src/a.js',
    'RUN mv docs/x.md docs/y.md',
    'RUN rm -rf conf',
    'RUN chmod -R go-rwx docs',
    'RUN chown -R 5:5 docs',
  ],
  ...['RUN ln -s /a/app /link', 'RUN ln -s docs lnk', 'RUN find . -type f | sort > /mnt/list', 'RUN touch /etc/x/z'],
  ...[
    'RUN sed -i s/c/q/ conf/app.conf',
    'RUN sh scripts/run.sh > /srv/out',
    'RUN echo $A > /srv/a',
    'RUN cd docs && touch q',
  ],
);
const line = fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: list });
const first = fc.constantFrom('COPY . .', 'COPY . .', 'COPY app ./', 'COPY docs docs', 'RUN mkdir -p /a');
const dockerfiles = fc
  .tuple(fc.constantFrom('/a', '/srv/app'), first, fc.array(line, { minLength: 3, maxLength: 8 }))
  .map(([folder, start, lines]) => `${['FROM node:22', `WORKDIR ${folder}`, start, ...lines].join('\n')}\n`);

/** The base has the folders that every distribution has. */
async function prepare(): Promise<Engine | undefined> {
  const engines = await openEngines();
  const engine = engines?.all[0];
  if (!engines || !engine) return undefined;
  const name = imageName(seed, '1');
  await loadImages(engine, engines, [{ name, salt: seed }]);
  await makeFakeImages(engine, name);
  await engine.docker(['tag', 'node:22', 'layerwise-order-base:1']);
  await makeOrderImages(engine, 'layerwise-order-base:1', seed);
  const folders = '/home /lib /mnt /opt /root /sbin /srv /usr/src /usr/local/share /var/lib /var/log /var/cache';
  await buildImage(engine, { dockerfile: `FROM node:22\nRUN mkdir -p ${folders}\n`, files: {} }, [
    '--load',
    '--tag',
    'node:22',
  ]);
  return engine;
}

const buildFor = (dockerfile: string): Build => ({
  // There is no Docker Hub here, and the engine's own syntax has the flag too.
  dockerfile: dockerfile.replace(/^# syntax=.*\n/, ''),
  files: { ...files, Dockerfile: dockerfile },
});

const engine = await prepare();
let [built, wrong] = [0, 0];
for (const text of engine ? fc.sample(dockerfiles, { seed: Number(seed), numRuns: 100 * Number(count) }) : []) {
  if (!engine || built >= Number(count)) break;
  const found = propose(text, files, changed).text;
  const author = found === text ? undefined : await imageContent(engine, buildFor(text)).catch(() => undefined);
  if (!author) continue;
  built++;
  const reason = await imageContent(engine, buildFor(found)).then(
    (content) => differences(author, content).join('\n'),
    (error: Error) => error.message,
  );
  if (reason === '') continue;
  wrong++;
  console.log(`${text}=>\n${found}${reason}\n`);
}
console.log(`${built} built in both orders, ${wrong} wrong, seed ${seed}`);
process.exit(wrong > 0 ? 1 : 0);
