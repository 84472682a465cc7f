import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { optionsOf, writeTree } from './build.js';
import { type Build, imageName, type SaltedCase } from './case.js';
import { type Debian, execute, type Output } from './debian.js';
import type { Engine, Engines } from './engine.js';
import { type BaseImage, loadImages } from './images.js';

/** A builder whose cache is one chain of images. */
export interface ChainedBuilder {
  readonly name: 'classic' | 'buildah';
  readonly version: string;
  /** Builds both states of a case, one after the other; gives what the later build did. */
  run(one: SaltedCase): Promise<ChainedResult>;
}

/** One letter per instruction but FROM: `c` cached, `r` ran, `.` not shown. */
export type ChainedResult = { readonly seen: string } | { readonly error: string };

/** `docker build` without BuildKit, on the engine's overlay2 store. */
export async function classicBuilder(engine: Engine, engines: Engines): Promise<ChainedBuilder> {
  const { stdout } = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  return {
    name: 'classic',
    version: stdout.trim(),
    run: (one) =>
      runCase(one, {
        folder: join(engine.folder, one.salt),
        load: (images) => loadImages(engine, engines, images),
        tag: (from, to) => engine.docker(['tag', from, to]),
        build: (build) =>
          engine.classic(['build', '--network', 'host', ...optionsOf(build), `${engine.clientFolder}/${one.salt}`]),
        read: readClassic,
      }),
  };
}

/** `buildah build --layers`, each case with a store of its own, which goes with the system. Undefined where the system has no Buildah. */
export async function buildahBuilder(debian: Debian): Promise<ChainedBuilder | undefined> {
  const { root, scratch } = debian;
  const version = await execute(['buildah', '--version'], { root });
  if (version.status !== 0) return undefined;
  const home = `${scratch}/buildah`;
  mkdirSync(join(root, home, 'bin'), { recursive: true });
  // Buildah asks for it at its start, but with the host's network never runs it.
  symlinkSync('/bin/true', join(root, home, 'bin/netavark'));
  // Higher limits than the machine's own may be forbidden.
  const limits = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n';
  writeFileSync(join(root, home, 'containers.conf'), `${limits}[engine]\nhelper_binaries_dir = ["${home}/bin"]\n`);
  writeFileSync(join(root, home, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  return {
    name: 'buildah',
    version: /version (\S+)/.exec(version.stdout)?.[1] ?? '',
    run: async (one) => {
      const own = `${home}/${one.salt}`;
      const store = ['--root', `${own}/store`, '--runroot', `${own}/run`, '--storage-driver', 'overlay'];
      const buildah = (command: string, args: readonly string[]) =>
        execute(['buildah', ...store, command, ...args], {
          root,
          env: { TMPDIR: own, CONTAINERS_CONF: `${home}/containers.conf` },
        });
      const policy = ['--signature-policy', `${home}/policy.json`];
      mkdirSync(join(root, own), { recursive: true });
      return await runCase(one, {
        folder: join(root, own, 'context'),
        load: async (images) => {
          await writeImages(debian, join(root, own, 'images.tar'), images);
          for (const { name } of images) {
            const from = `docker-archive:${own}/images.tar:${name}`;
            const { status, stderr } = await buildah('pull', [...policy, from]);
            if (status !== 0) throw new Error(`buildah pull: ${stderr}`);
          }
        },
        tag: (from, to) => buildah('tag', [`localhost/${from}`, `localhost/${to}`]),
        build: (build) =>
          buildah('build', [
            ...policy,
            ...['--layers', '--isolation', 'chroot', '--network', 'host', '--pull=never'],
            ...[...optionsOf(build), `${own}/context`],
          ]),
        read: readBuildah,
      });
    },
  };
}

/** As `docker load` takes them, in a file. */
async function writeImages(debian: Debian, file: string, images: readonly BaseImage[]): Promise<void> {
  const nowhere = () => Promise.reject(new Error('not an engine'));
  const docker: Engine['docker'] = async (_args, input) => {
    writeFileSync(file, input ?? '');
    return { status: 0, stdout: '', stderr: '' };
  };
  const writer: Engine = {
    ...{ builder: 'buildkit', folder: '', clientFolder: '', docker, buildx: nowhere, classic: nowhere },
  };
  await loadImages(writer, { all: [], debian, close: () => undefined }, images);
}

interface Actions {
  readonly folder: string;
  load(images: readonly BaseImage[]): Promise<void>;
  tag(from: string, to: string): Promise<Output>;
  build(build: Build): Promise<Output>;
  read(output: string, build: Build): string;
}

async function runCase(one: SaltedCase, { folder, load, tag, build, read }: Actions): Promise<ChainedResult> {
  const { salt, config = {} } = one;
  const tags = one.moved || /:(?:2\b|\$)/.test(one.after.dockerfile) ? ['1', '2'] : ['1'];
  await load(tags.map((name) => ({ name: imageName(salt, name), salt: salt + name, config })));
  try {
    writeTree(folder, one.before.files);
    const before = await build(one.before);
    if (before.status !== 0) return { error: `the earlier build: ${lastLines(before)}` };
    rmSync(folder, { recursive: true });
    writeTree(folder, one.after.files);
    if (one.moved) await tag(imageName(salt, '2'), imageName(salt, '1'));
    const after = await build(one.after);
    if (after.status !== 0) return { error: lastLines(after) };
    return { seen: read(`${after.stdout}\n${after.stderr}`, one.after) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastLines({ stdout, stderr }: Output): string {
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/DEPRECATED|Install the buildx|BuildKit is currently/.test(line))
    .slice(-3)
    .join(' / ');
}

/** `Step 2/5 : RUN …`, then ` ---> Using cache` where it was found; stages come in the order of the file. */
function readClassic(output: string, { dockerfile }: Build): string {
  const blocks = output.split(/^Step \d+\/\d+ : /m).slice(1);
  const first = blocks.findIndex((block) => /^FROM /i.test(block));
  const letters = blocks
    .slice(first)
    .flatMap((block) => (/^FROM /i.test(block) ? [] : [/^ ---> Using cache$/m.test(block) ? 'c' : 'r']));
  return letters.join('').padEnd(instructionsOf(dockerfile), '.');
}

/** `[1/2] STEP 2/5: RUN …` with `--> Using cache` below; stages that are not needed are not shown. */
function readBuildah(output: string, { dockerfile }: Build): string {
  const shown = new Map<string, string>();
  for (const block of output.split(/^(?=(?:\[\d+\/\d+\] )?STEP \d+\/\d+: )/m)) {
    const read = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: (\w+)/.exec(block);
    if (!read || read[3]?.toUpperCase() === 'FROM') continue;
    shown.set(`${read[1] ?? 1} ${read[2]}`, /^--> Using cache/m.test(block) ? 'c' : 'r');
  }
  const letters: string[] = [];
  let [stage, step] = [0, 1];
  for (const { keyword } of parseDockerfile(dockerfile).instructions) {
    if (keyword === 'FROM') [stage, step] = [stage + 1, 1];
    else if (stage > 0) letters.push(shown.get(`${stage} ${++step}`) ?? '.');
  }
  return letters.join('');
}

function instructionsOf(dockerfile: string): number {
  const { instructions } = parseDockerfile(dockerfile);
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  return instructions.slice(first).filter(({ keyword }) => keyword !== 'FROM').length;
}
