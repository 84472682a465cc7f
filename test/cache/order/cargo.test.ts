import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"';
const crates = Array.from(
  { length: 60 },
  (_, n) => `[[package]]\nname = "crate${n}"\nversion = "1.0.0"\n${registry}\n`,
);
const lock = `version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n\n${crates.join('\n')}`;
/** The lockfile with other packages of the repository. */
const lockWith = (...names: string[]) =>
  [lock, ...names.map((name) => `[[package]]\nname = "${name}"\nversion = "0.1.0"\n`)].join('\n');
const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ncrate1 = "1"\n';
const app: MemoryFiles = {
  'Cargo.toml': manifest,
  'Cargo.lock': lock,
  'src/main.rs': 'fn main() { run() }',
  '.dockerignore': 'target\nDockerfile\n',
};
const taken = 'FROM alpine:3.22\nCOPY --from=build /code/target/release/app /app\n';
const step = (build = 'cargo build --release', clean = '--release ') =>
  `RUN mkdir src && echo 'fn main() {}' > src/main.rs && ${build} && cargo clean ${clean}-p app && rm -r src`;

interface Case {
  readonly name: string;
  readonly run?: string;
  readonly files?: MemoryFiles;
  /** In front of `WORKDIR`. */
  readonly before?: string;
  readonly copy?: string;
  readonly end?: string;
  readonly base?: string;
  readonly likely?: true;
  readonly changed?: string;
}

function proposed({ run = 'RUN cargo build --release', files = {}, ...more }: Case) {
  const { before = '', copy = 'COPY . .', end = taken, base = 'rust:1.95', likely, changed = 'src/main.rs' } = more;
  const text = `FROM ${base} AS build\n${before}WORKDIR /code\n${copy}\n${run}\n${end}`;
  const found = propose(text, { ...app, ...files }, [changed], likely ? { acceptance: 'likely' } : {});
  const own = new Set(text.split('\n'));
  return { ...found, added: found.text.split('\n').filter((line) => !own.has(line)) };
}

const manifests = 'COPY Cargo.lock Cargo.toml ./';

const cases: readonly (Case & { readonly added: readonly string[] })[] = [
  { name: 'of one program', added: [manifests, step()] },
  {
    name: 'without optimization',
    run: 'RUN cargo build',
    end: taken.replace('release', 'debug'),
    added: [manifests, step('cargo build', '')],
  },
  {
    name: 'for the platform that an option names',
    run: 'RUN cargo build -r --locked --target x86_64-unknown-linux-musl',
    end: taken.replace('target/', 'target/x86_64-unknown-linux-musl/'),
    added: [
      manifests,
      'RUN mkdir src \\',
      "    && echo 'fn main() {}' > src/main.rs \\",
      '    && cargo build -r --locked --target x86_64-unknown-linux-musl \\',
      '    && cargo clean --release --target x86_64-unknown-linux-musl -p app \\',
      '    && rm -r src',
    ],
  },
  {
    name: 'that is installed, whose stub goes below target',
    run: 'RUN cargo install --config net.git-fetch-with-cli=true --path . --root /usr',
    end: 'FROM alpine:3.22\nCOPY --from=build /usr/bin/app /app\n',
    added: [
      manifests,
      'RUN mkdir src \\',
      "    && echo 'fn main() {}' > src/main.rs \\",
      '    && cargo install --config net.git-fetch-with-cli=true --path . --root target \\',
      '    && cargo clean --release --config net.git-fetch-with-cli=true -p app \\',
      '    && rm -r src',
    ],
  },
  {
    name: 'with a variable and in the folder that the script goes to',
    files: {
      'server/Cargo.toml': manifest,
      'server/Cargo.lock': lock,
      'server/src/main.rs': '',
      '.dockerignore': 'Dockerfile\n**/target\n',
    },
    run: 'RUN cd server && SQLX_OFFLINE=true cargo build --release',
    end: taken.replace('code/', 'code/server/'),
    changed: 'server/src/main.rs',
    added: [
      'COPY server/Cargo.lock server/Cargo.toml server/',
      'COPY Cargo.lock Cargo.toml ./',
      'RUN cd /code/server && mkdir src \\',
      "    && echo 'fn main() {}' > src/main.rs \\",
      '    && SQLX_OFFLINE=true cargo build --release \\',
      '    && cargo clean --release -p app \\',
      '    && rm -r src',
    ],
  },
  {
    name: 'with a library, a build script, settings and a toolchain',
    files: {
      'src/lib.rs': '',
      'build.rs': '',
      '.cargo/config.toml': '[build]\nrustflags = ["-C", "link-arg=-s"]\n',
      'rust-toolchain.toml': '[toolchain]\nchannel = "1.90"\n',
    },
    added: [
      'COPY Cargo.lock Cargo.toml rust-toolchain.toml ./',
      'COPY .cargo/config.toml .cargo/',
      'RUN mkdir src \\',
      '    && touch src/lib.rs \\',
      "    && echo 'fn main() {}' | tee build.rs > src/main.rs \\",
      '    && cargo build --release \\',
      '    && cargo clean --release -p app \\',
      '    && rm -r build.rs src',
    ],
  },
  {
    name: 'with crates that lie beside it',
    files: {
      '.cargo/config.toml': '[source.crates-io]\nreplace-with = "own"\n[source.own]\ndirectory = "vendor"\n',
      'vendor/crate1/Cargo.toml': '[package]\nname = "crate1"\n',
    },
    run: 'RUN cargo build --release --offline',
    added: [
      manifests,
      'COPY .cargo/config.toml .cargo/',
      'COPY vendor vendor/',
      'RUN mkdir src \\',
      "    && echo 'fn main() {}' > src/main.rs \\",
      '    && cargo build --release --offline \\',
      '    && cargo clean --release --offline -p app \\',
      '    && rm -r src',
    ],
  },
  {
    name: 'with targets that have paths of their own, those of tests too',
    files: {
      'Cargo.toml': `${manifest}[lib]\npath = "code/lib.rs"\n[[bin]]\nname = "app"\npath = "code/main.rs"\n[[bench]]\nname = "fast"\n`,
      'src/main.rs': '',
      'code/lib.rs': '',
      'code/main.rs': '',
      'benches/fast.rs': '',
      'tests/not_named.rs': '',
    },
    added: [
      manifests,
      'RUN mkdir benches code src \\',
      '    && touch code/lib.rs \\',
      "    && echo 'fn main() {}' | tee benches/fast.rs code/main.rs > src/main.rs \\",
      '    && cargo build --release \\',
      '    && cargo clean --release -p app \\',
      '    && rm -r benches code src',
    ],
  },
  {
    name: 'of several of which one is asked for',
    files: { 'src/bin/one.rs': '', 'src/bin/two.rs': '' },
    run: 'RUN cargo build --release --bin two',
    end: taken.replace('release/app', 'release/two'),
    added: [
      manifests,
      'RUN mkdir -p src/bin \\',
      "    && echo 'fn main() {}' | tee src/bin/two.rs > src/main.rs \\",
      '    && cargo build --release --bin two \\',
      '    && cargo clean --release -p app \\',
      '    && rm -r src',
    ],
  },
  {
    name: 'of a workspace with all its packages and folders that they depend on',
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\nouter = { path = "outer" }\n',
      'crates/app/Cargo.toml': `${manifest}core = { path = "../core" }\n`,
      'crates/app/src/main.rs': '',
      'crates/core/Cargo.toml': '[package]\nname = "core"\n[dependencies]\nouter.workspace = true\n',
      'crates/core/src/lib.rs': '',
      'crates/notes.txt': '',
      'outer/Cargo.toml': '[package]\nname = "outer"\n',
      'outer/src/lib.rs': '',
      'Cargo.lock': lockWith('core', 'outer'),
    },
    run: 'RUN cargo build --release -p app',
    changed: 'crates/app/src/main.rs',
    added: [
      manifests,
      'COPY crates/app/Cargo.toml crates/app/',
      'COPY crates/core/Cargo.toml crates/core/',
      'COPY outer/Cargo.toml outer/',
      'RUN mkdir crates/app/src crates/core/src outer/src \\',
      '    && touch crates/core/src/lib.rs outer/src/lib.rs \\',
      "    && echo 'fn main() {}' > crates/app/src/main.rs \\",
      '    && cargo build --release -p app \\',
      '    && cargo clean --release -p app -p core -p outer \\',
      '    && rm -r crates/app/src crates/core/src outer/src',
    ],
  },
  {
    name: 'of a workspace whose packages are copied one by one',
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["bin/*", "lib/*"]\n',
      'bin/app/Cargo.toml': manifest,
      'bin/app/src/main.rs': '',
      'lib/core/Cargo.toml': '[package]\nname = "core"\n',
      'lib/core/src/lib.rs': '',
      'Cargo.lock': lockWith('core'),
    },
    copy: 'COPY Cargo.toml Cargo.lock ./\nCOPY lib lib\nCOPY bin/app bin/app',
    run: 'RUN cargo build --release -p app',
    changed: 'bin/app/src/main.rs',
    added: [
      'COPY lib/core/Cargo.toml lib/core/',
      'COPY bin/app/Cargo.toml bin/app/',
      'RUN mkdir bin/app/src lib/core/src \\',
      '    && touch lib/core/src/lib.rs \\',
      "    && echo 'fn main() {}' > bin/app/src/main.rs \\",
      '    && cargo build --release -p app \\',
      '    && cargo clean --release -p app -p core \\',
      '    && rm -r bin/app/src lib/core/src',
    ],
  },
  {
    name: 'before copies that would lie in its way, seldom as they change',
    copy: 'COPY Cargo.toml Cargo.lock ./\nCOPY src ./src\nCOPY static ./static',
    files: { 'static/a.css': '' },
    changed: 'static/a.css',
    added: [step()],
  },
  {
    name: 'where variables name the project as a whole, or what is no part of it',
    before: 'ENV APP_DIR=/code PATH=/code/bin:/opt/bin:$PATH\n',
    files: { '.cargo/config.toml': '[env]\nMODE = "libs"\nLOG = { value = "info" }\n', 'libs/x': '' },
    added: [manifests, 'COPY .cargo/config.toml .cargo/', step()],
  },
  {
    name: 'where cargo new has made what the sources replace',
    before: 'RUN USER=root cargo new --bin code\n',
    added: [manifests, step().replace('mkdir', 'mkdir -p')],
  },
  {
    name: 'behind toolchains and tools that are installed',
    before: 'RUN rustup target add x86_64-unknown-linux-musl\nRUN cargo install --locked just\n',
    added: [manifests, step()],
  },
  {
    name: 'where the program is moved and the rest removed in a stage that is thrown away',
    run: 'RUN cargo build --release && strip target/release/app && mv target/release/app /app && rm -rf target',
    end: 'FROM alpine:3.22\nCOPY --from=build /app /app\n',
    added: [manifests, step()],
  },
];

const refused: readonly Case[] = [
  { name: 'the image has all of the stage', end: '' },
  {
    name: 'the image gets the folder of programs',
    end: 'FROM alpine:3.22\nCOPY --from=build /code/target/release /app\n',
  },
  {
    name: 'the image gets what a pattern names',
    end: 'FROM alpine:3.22\nCOPY --from=build /code/target/release/a* /app/\n',
  },
  {
    name: 'the image gets what dependencies built',
    end: 'FROM alpine:3.22\nCOPY --from=build /code/target/release/build /b\n',
  },
  { name: 'the image gets the crates', end: `${taken}COPY --from=build /usr/local/cargo /usr/local/cargo\n` },
  { name: 'a later step copies target', run: 'RUN cargo build --release\nRUN cp -r target /out' },
  { name: 'a later step copies the project', run: 'RUN cargo build --release && cp -a . /out' },
  { name: 'a later step looks for files', run: "RUN cargo build --release && find / -name '*.so' > /list" },
  { name: 'a script follows', run: 'RUN cargo build --release\nRUN ./package.sh' },
  { name: 'target is not kept out of the context', files: { '.dockerignore': 'Dockerfile\n' } },
  { name: 'a mount keeps target', run: 'RUN --mount=type=cache,target=/code/target cargo build --release' },
  {
    name: 'a mount brings the sources',
    copy: 'COPY Cargo.toml Cargo.lock ./',
    run: 'RUN --mount=type=bind,source=src,target=src cargo build --release',
  },
  { name: 'target lies elsewhere', before: 'ENV CARGO_TARGET_DIR=/t\n' },
  { name: 'an option moves target', run: 'RUN cargo build --release --target-dir /t' },
  { name: 'settings move target', files: { '.cargo/config.toml': '[build]\ntarget-dir = "t"\n' } },
  {
    name: 'only settings name the platform',
    files: { '.cargo/config.toml': '[build]\ntarget = "x86_64-unknown-linux-musl"\n' },
  },
  { name: 'only a variable names the platform', before: 'ENV CARGO_BUILD_TARGET=x86_64-unknown-linux-musl\n' },
  { name: 'the platform has no operating system', run: 'RUN cargo build --release --target thumbv7em-none-eabihf' },
  { name: 'a wrapper caches', before: 'ENV RUSTC_WRAPPER=sccache\n' },
  { name: 'the toolchain is old', files: { 'rust-toolchain.toml': "toolchain.channel = '1.40'\n" } },
  { name: 'the toolchain lies in a folder', files: { 'rust-toolchain': '[toolchain]\n"path" = "/rust"\n' } },
  { name: 'the toolchain is not understood', files: { 'rust-toolchain.toml': '[toolchain\n' } },
  { name: 'settings wrap the compiler', files: { '.cargo/config.toml': '[build]\nrustc-wrapper = "sccache"\n' } },
  { name: 'a linker script of the project is named', before: 'ENV RUSTFLAGS="-C link-arg=-Tlink.x"\n' },
  {
    name: 'lints of an empty source fail',
    files: { 'Cargo.toml': `${manifest}[lints.rust]\nmissing_docs = "deny"\n` },
  },
  ...['ENV OPENSSL_DIR=/code/libs\n', 'ENV PKG_CONFIG_PATH=/usr/lib:/code/libs\n', 'ENV PATH=/code/libs:$PATH\n'].map(
    (before): Case => ({
      name: `a variable names what a dependency may look for: ${before.trim()}`,
      before,
      files: { 'libs/libssl.a': '' },
    }),
  ),
  {
    name: 'a variable in front of it names what a dependency may look for',
    run: 'RUN PROTOC=$PWD/tools/protoc cargo build --release',
    files: { 'tools/protoc': '' },
  },
  {
    name: 'settings give a variable a name of the project',
    files: {
      '.cargo/config.toml': '[env]\nPROTOC = { value = "tools/protoc", relative = true }\n',
      'tools/protoc': '',
    },
  },
  { name: 'all warnings fail', before: 'ENV RUSTFLAGS="-D warnings"\n' },
  {
    name: 'a crate of the registry is replaced by a folder',
    files: {
      'Cargo.toml': `${manifest}[patch.crates-io]\ncrate2 = { path = "two" }\n`,
      'two/Cargo.toml': '[package]\nname = "crate2"\n',
      'two/src/lib.rs': '',
    },
  },
  {
    name: 'a folder that it depends on is not copied',
    files: { 'Cargo.toml': `${manifest}two = { path = "../two" }\n` },
  },
  { name: 'a target has no file', files: { 'Cargo.toml': `${manifest}[[bin]]\nname = "other"\n` } },
  { name: 'the manifest is not understood', files: { 'Cargo.toml': `${manifest}x = \n` } },
  { name: 'nothing is fetched', files: { 'Cargo.lock': 'version = 4\n\n[[package]]\nname = "app"\n' } },
  {
    name: 'a crate has the name of the package',
    files: { 'Cargo.lock': `${lock}\n[[package]]\nname = "app"\n${registry}\n` },
  },
  {
    name: 'a package is not in the lockfile, as only tests outside of the workspace use it',
    files: {
      'Cargo.toml': `${manifest}two = { path = "two" }\n`,
      'Cargo.lock': lockWith('two'),
      'two/Cargo.toml': '[package]\nname = "two"\n[dev-dependencies]\nthree = { path = "../three" }\n',
      'two/src/lib.rs': '',
      'three/Cargo.toml': '[package]\nname = "three"\n',
      'three/src/lib.rs': '',
    },
  },
  {
    name: 'a build script searches the project',
    files: { 'Cargo.lock': `${lock}\n[[package]]\nname = "embuild"\n${registry}\n` },
  },
  { name: 'there is no Cargo.lock', files: { '.dockerignore': 'target\nCargo.lock\nDockerfile\n' } },
  { name: 'it has been built from stubs before', copy: `${manifests}\n${step()}\nCOPY . .` },
  {
    name: 'cargo-chef does it',
    copy: 'COPY recipe.json .\nRUN cargo chef cook --release\nCOPY . .',
    files: { 'recipe.json': '{}' },
  },
  {
    name: 'cargo new has made what nothing replaces',
    before: 'RUN cargo new code\n',
    files: {
      'Cargo.toml': `${manifest}[lib]\npath = "src/code.rs"\n`,
      'src/code.rs': '',
      '.dockerignore': 'target\nDockerfile\nsrc/main.rs\n',
    },
    changed: 'src/code.rs',
  },
  { name: 'an unknown step may have filled the folder', before: 'RUN setup-project\n' },
  { name: 'sources are changed before it', run: 'RUN sed -i s/a/b/ src/main.rs\nRUN cargo build --release' },
  { name: 'sources are generated before it', run: 'RUN generate\nRUN cargo build --release' },
  { name: 'what it leaves is removed before it', run: 'RUN cargo clean && cargo build --release' },
  { name: 'it does not run every time', run: 'RUN if [ -f x ]; then cargo build --release; fi' },
  { name: 'its failure is passed over', run: 'RUN cargo build --release || true' },
  { name: 'a user may not write there', copy: 'COPY . .\nUSER 1000' },
  { name: 'tests are built', run: 'RUN cargo build --release --all-targets' },
  { name: 'a toolchain is asked for', run: 'RUN cargo +nightly build --release' },
  { name: 'another stage gives sources', copy: 'COPY . .\nCOPY --from=alpine:3.22 /project .' },
  { name: 'the image is not known', base: 'example.org/rust-with-project' },
  { name: 'Cargo is too old', base: 'rust:1.40' },
  { name: 'the distribution has an old Cargo', base: 'debian:buster-slim', before: 'RUN apt-get install -y cargo\n' },
  {
    name: 'cargo clean may not understand a Cargo.lock that the build passes over',
    base: 'rust:1.70',
    run: 'RUN cargo install --path .',
    end: 'FROM alpine:3.22\nCOPY --from=build /usr/local/cargo/bin/app /app\n',
  },
  {
    name: 'settings name certificates of the project',
    files: { '.cargo/config.toml': '[http]\ncainfo = "certs/ca.pem"\n' },
  },
  {
    name: 'crates lie in a folder that is not copied',
    files: { '.cargo/config.toml': '[source.crates-io]\nreplace-with = "own"\n[source.own]\ndirectory = "vendor"\n' },
  },
  {
    name: 'it runs in a folder without a manifest',
    run: 'RUN cd tools && cargo build --release',
    files: { 'tools/x': '' },
  },
  {
    name: 'the project lies at the top',
    before: 'WORKDIR /usr\nRUN true\n',
    run: 'WORKDIR /usr\nRUN cargo build --release',
    copy: 'COPY . /usr',
    end: taken.replace('/code', '/usr'),
  },
];

const likely: readonly (Case & { readonly caveat: RegExp })[] = [
  { name: 'in an image that keeps target', end: '', caveat: /more than the build needs/ },
  {
    name: 'without Cargo.lock',
    files: { '.dockerignore': 'target\nCargo.lock\nDockerfile\n' },
    caveat: /versions stay/,
  },
  {
    name: 'where target may lie beside the sources',
    files: { '.dockerignore': 'Dockerfile\n' },
    caveat: /target beside the sources/,
  },
  { name: 'behind a step that nobody knows', before: 'RUN setup-project\n', caveat: /`setup-project` may make/ },
  {
    name: 'for the processor that it runs on',
    before: 'ENV RUSTFLAGS="-C target-cpu=native"\n',
    caveat: /target-cpu=native/,
  },
];

describe('The dependencies of a Cargo project', () => {
  for (const { added, ...one } of cases)
    it(`are compiled by a step of their own ${one.name}`, () => {
      const { added: found, moves } = proposed(one);
      assert.deepEqual(found, added);
      assert.deepEqual(
        moves.flatMap(({ caveats }) => caveats),
        [],
      );
    });

  for (const one of refused)
    it(`stay with the build where ${one.name}`, () => {
      const { added } = proposed(one);
      assert.deepEqual(
        added.filter((line) => /cargo/.test(line)),
        [],
      );
    });

  for (const { caveat, ...one } of likely)
    it(`are compiled with a caveat ${one.name}`, () => {
      const { added, moves } = proposed({ ...one, likely: true });
      assert.ok(added.some((line) => line.includes('cargo clean')));
      assert.match(moves.flatMap(({ caveats }) => caveats).join('\n'), caveat);
      assert.deepEqual(
        proposed(one).added.filter((line) => /cargo/.test(line)),
        [],
      );
    });

  it('are compiled where rustup adds what the build needs in the same RUN, unless it would look at a file of the project', () => {
    const run = 'RUN rustup target add x86_64-unknown-linux-musl && cargo build --release';
    assert.deepEqual(proposed({ name: '', run }).added, [
      'RUN rustup target add x86_64-unknown-linux-musl',
      manifests,
      step(),
      'RUN cargo build --release',
    ]);
    const files = { 'rust-toolchain.toml': '[toolchain]\nchannel = "1.95"\n' };
    assert.ok(
      !proposed({ name: '', run, files }).text.includes('RUN rustup target add x86_64-unknown-linux-musl\nCOPY'),
    );
  });

  it('cost what is left behind the step, ours or that of the author', () => {
    const { before, after, text } = proposed({ name: '' });
    const again = propose(text, app, ['src/main.rs']);
    assert.ok(after.seconds < before.seconds / 2);
    assert.equal(again.before.seconds, after.seconds);
    assert.equal(again.text, text);
  });

  it('wait for target to be kept out of the context, and say so', () => {
    const { kept } = proposed({ name: '', files: { '.dockerignore': 'Dockerfile\n' } });
    assert.match(kept.map(({ reason }) => reason).join('\n'), /writes target, .* list it in the ignore file/);
  });

  it('come with reasons', () => {
    const { moves } = proposed({
      name: '',
      run: 'RUN cargo install --path .',
      end: 'FROM alpine:3.22\nCOPY --from=build /usr/local/cargo/bin/app /app\n',
    });
    const safe = moves.find(({ part }) => part === 'download')?.safe.join('\n') ?? '';
    for (const reason of [/dependencies compiled/, /app is compiled anew/, /without --locked/, /in no image/])
      assert.match(safe, reason);
  });
});
