import assert from 'node:assert/strict';
import path from 'node:path';
import { type DiscoverOptions, discover } from '../../server/project/discover.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('discover', () => {
  const folder = scratchFolder();

  /** Paths relative to the folder, ignore files marked. */
  function found(files: Record<string, string>, paths: string[], options: Partial<DiscoverOptions> = {}): string[] {
    folder.write(files);
    return discover(paths, { cwd: folder.path, ...options }).files.map((file) => {
      const shown = path.relative(folder.path, file.path).split(path.sep).join('/');
      return file.kind === 'dockerignore' ? `${shown} (ignore file)` : shown;
    });
  }

  const names = (...list: string[]) => Object.fromEntries(list.map((name) => [name, 'FROM a\n']));

  it('walks a folder in the order of names, files before folders', () => {
    const files = names('z/Dockerfile', 'Dockerfile', 'a/b/dockerfile', 'a/Containerfile', '.devcontainer/Dockerfile');
    assert.deepEqual(found(files, ['.']), [
      'Dockerfile',
      '.devcontainer/Dockerfile',
      'a/Containerfile',
      'a/b/dockerfile',
      'z/Dockerfile',
    ]);
  });

  it('passes over templates, and says so, unless they are named', () => {
    folder.write({
      'a/Dockerfile': 'FROM a\n{{#files}}\nCOPY {{.}} ./\n{{/files}}\n',
      'b/Dockerfile': '{% if slim %}\nFROM a-slim\n{% endif %}\n',
      'd/Dockerfile': `FROM example.org/base:\${templateOption:variant}\nRUN make\n`,
      'e/Dockerfile.part': 'RUN make VERSION={{ARGS["version"]}}\n',
      'c/Dockerfile': 'FROM a\nRUN docker images \\\n  {{.ID}}\nCOPY <<EOF /x\n{{ x }}\nEOF\nRUN <<EOF\n<% a %>\nEOF\n',
    });
    const relative = (files: readonly string[]) => files.map((file) => path.relative(folder.path, file));
    const walked = discover(['.'], { cwd: folder.path });
    assert.deepEqual(relative(walked.files.map((file) => file.path)), [path.join('c', 'Dockerfile')]);
    const templates = ['b/Dockerfile', 'd/Dockerfile', 'e/Dockerfile.part'].map((file) => path.normalize(file));
    assert.deepEqual(relative(walked.templates), [path.join('a', 'Dockerfile'), ...templates]);
    const named = discover(['.', 'a/Dockerfile'], { cwd: folder.path });
    assert.deepEqual(relative(named.files.map((file) => file.path)), [
      path.join('c', 'Dockerfile'),
      path.join('a', 'Dockerfile'),
    ]);
    assert.deepEqual(relative(named.templates), templates);
  });

  it('passes over templates whose FROM is to be filled in, or that have a block between braces', () => {
    const files = {
      'a/Dockerfile': 'ARG REPO=a\nFROM $REPO:{{VERSION}}\nRUN make\n',
      'b/Dockerfile': 'FROM a\nRUN `\n{{\nif VERSION != "1":{{\nif OLD\n:    make\n}}\n',
      'c/Dockerfile':
        "FROM a\nRUN <<EOF\n{{ x }}\nEOF\nRUN docker images --format '{{.ID}}'\nCOPY <<EOF /x\nFROM {{ x }}\nEOF\nRUNN make\n",
    };
    assert.deepEqual(found(files, ['.']), ['c/Dockerfile']);
  });

  it('passes over what Maven or Gradle fill in', () => {
    const text = `FROM \${base.image}\nCOPY \${pkg.name}.jar /\n`;
    const files = {
      'web/pom.xml': '<project/>',
      'web/docker/Dockerfile': text,
      'web/docker/Dockerfile.run': `FROM a\nRUN echo \${pkg.name}\n`,
      'app/build.gradle.kts': '',
      'app/Dockerfile': `FROM a\nWORKDIR \${pkg.folder}\n`,
      'other/Dockerfile': text,
    };
    assert.deepEqual(found(files, ['.']), ['other/Dockerfile', 'web/docker/Dockerfile.run']);
    assert.deepEqual(found(files, ['app/Dockerfile']), ['app/Dockerfile']);
  });

  it('knows the names of Dockerfiles and ignore files', () => {
    const taken = names(
      'Dockerfile.dev',
      'Dockerfile-alpine',
      'Dockerfile_ci',
      'api.Dockerfile',
      'api.dockerfile',
      'Containerfile.x',
      'x.Containerfile',
    );
    const ignore = names('.dockerignore', 'api.Dockerfile.dockerignore');
    const other = names(
      'Dockerfile.md',
      'Dockerfile.j2',
      'Dockerfile.dev.tmpl',
      'Dockerfile.template',
      'Dockerfile.in',
      'Dockerfile~',
      'Dockerfile.bak',
      'MyDockerfile',
      'dockerfiles',
      'README.md',
      '.containerignore',
    );
    assert.deepEqual(
      found({ ...taken, ...ignore, ...other }, ['.']).toSorted(),
      [...Object.keys(taken), ...Object.keys(ignore).map((name) => `${name} (ignore file)`)].toSorted(),
    );
  });

  it('asks the text where the name could be that of source code', () => {
    const files = {
      'Dockerfile.go': '# syntax=docker/dockerfile:1\n\nARG V=1\nFROM golang:$V AS build\n',
      'Dockerfile.rs': 'FROM --platform=linux/amd64 rust\n',
      'dockerfile.ts': "import { a } from './b';\n",
      'dockerfile.py': 'from a import b\n',
      'Dockerfile.js': '',
    };
    assert.deepEqual(found(files, ['.']), ['Dockerfile.go', 'Dockerfile.rs']);
  });

  it('takes a named file whatever it is called, each once', () => {
    const files = { ...names('Dockerfile', 'odd.txt', 'Dockerfile.j2'), 'x.containerignore': '' };
    assert.deepEqual(
      found(files, ['odd.txt', 'Dockerfile.j2', 'x.containerignore', 'Dockerfile', '.', './odd.txt'], {
        exclude: ['*'],
      }),
      ['odd.txt', 'Dockerfile.j2', 'x.containerignore (ignore file)', 'Dockerfile'],
    );
  });

  it('leaves out node_modules, .git and what Git ignores', () => {
    const files = names(
      'Dockerfile',
      'node_modules/a/Dockerfile',
      'dist/Dockerfile',
      'sub/Dockerfile.local',
      'sub/dist/Dockerfile',
      '.git/Dockerfile',
    );
    const ignore = { '.gitignore': 'dist/\n', 'sub/.gitignore': '*.local\n!dist/\n' };
    assert.deepEqual(found({ ...files, ...ignore }, ['.']), ['Dockerfile', 'sub/dist/Dockerfile']);
    assert.deepEqual(found({}, ['.'], { gitignore: false }).length, 4);
    assert.deepEqual(found({}, ['dist']), ['dist/Dockerfile']);
    assert.deepEqual(found({}, ['sub']), ['sub/dist/Dockerfile']);
  });

  it('leaves out what Go or Composer vendored', () => {
    const files = {
      ...names('Dockerfile', 'vendor/a/Dockerfile', 'php/vendor/a/Dockerfile', 'own/vendor/Dockerfile'),
      'vendor/modules.txt': '',
      'php/vendor/composer/installed.json': '{}',
    };
    assert.deepEqual(found(files, ['.']), ['Dockerfile', 'own/vendor/Dockerfile']);
    assert.deepEqual(found({}, ['vendor/a']), ['vendor/a/Dockerfile']);
  });

  it('leaves out what is excluded', () => {
    const files = names('Dockerfile', 'a/Dockerfile', 'a/b/Dockerfile', 'c/Dockerfile.test', 'test/x/Dockerfile');
    assert.deepEqual(found(files, ['.'], { exclude: ['a/b', '*.test', 'test/'] }), ['Dockerfile', 'a/Dockerfile']);
    assert.deepEqual(found({}, ['.'], { exclude: ['./a/**', '**/x'] }), ['Dockerfile', 'c/Dockerfile.test']);
    const inside = (file: string) => file.includes(`${path.sep}a`);
    assert.deepEqual(found({}, ['.'], { excluded: inside, exclude: ['c', 'test'] }), ['Dockerfile']);
  });

  it('expands globs', () => {
    const files = names(
      'a/x.Dockerfile',
      'a/b/y.Dockerfile',
      'a/x.docker',
      'Dockerfile',
      'Dockerfile.md',
      'a/readme.txt',
    );
    assert.deepEqual(found(files, ['**/*.Dockerfile']), ['a/x.Dockerfile', 'a/b/y.Dockerfile']);
    assert.deepEqual(found({}, ['./a/*.{docker,Dockerfile}']), ['a/x.Dockerfile', 'a/x.docker']);
    assert.deepEqual(found({}, ['Dockerfile*']), ['Dockerfile']);
    assert.deepEqual(found({}, ['a/**']), ['a/x.Dockerfile', 'a/b/y.Dockerfile']);
    assert.deepEqual(found({}, ['../*/Dockerfile'], { cwd: path.join(folder.path, 'a') }).length, 0);
    assert.deepEqual(found({}, ['../**/y.*'], { cwd: path.join(folder.path, 'a') }), ['a/b/y.Dockerfile']);
  });

  it('reports what is not there, not an empty folder', () => {
    folder.write({ 'empty/': '' });
    assert.deepEqual(discover(['none', 'empty', '*.none', 'a[b'], { cwd: folder.path }), {
      files: [],
      templates: [],
      problems: [
        { path: 'none', message: 'no such file or folder' },
        { path: '*.none', message: 'matches no file' },
        { path: 'a[b', message: 'matches no file' },
      ],
    });
  });

  it('does not enter symlinked folders and takes a symlinked file only where its target is not found', () => {
    const files = {
      ...names('a/Dockerfile', 'other.txt'),
      'a/loop': '→..',
      'b/Dockerfile': '→../a/Dockerfile',
      'c/Dockerfile': '→../other.txt',
      'd/Dockerfile': '→gone',
    };
    assert.deepEqual(found(files, ['.']), ['a/Dockerfile', 'c/Dockerfile']);
    assert.deepEqual(found({}, ['b', 'd']), ['b/Dockerfile']);
    assert.deepEqual(found({}, ['b/Dockerfile', 'a']), ['b/Dockerfile', 'a/Dockerfile']);
  });
});
