import { contextIncludesVcs } from '../../../server/rules/context/context-includes-vcs.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { '.git/HEAD': 'ref: refs/heads/main\n', '.git/index': 'x', '.dockerignore': 'dist\n', 'src/a.js': '' };

testRule(contextIncludesVcs, {
  valid: [
    { name: 'ignored', code: 'FROM a\nCOPY . .\n', files: { ...files, '.dockerignore': '.git\n' } },
    {
      name: 'ignored but for one file',
      code: 'FROM a\nCOPY . .\n',
      files: { ...files, '.dockerignore': '.git\n!.git/index\n' },
    },
    {
      name: 'a member of a workspace takes its version from Git',
      code: 'FROM rust:1.90\nCOPY . .\nRUN cargo build\n',
      files: {
        ...files,
        'Cargo.toml': '[workspace]\n',
        'crates/info/Cargo.toml': '[build-dependencies]\nvergen-gitcl = "1"\n',
      },
    },
    { name: 'no ignore file: missing-ignore-file tells', code: 'FROM a\nCOPY . .\n', files: { '.git/HEAD': '' } },
    {
      name: 'the context is not the root of the repository',
      code: 'FROM a\nCOPY . .\n',
      files: { '.dockerignore': '', 'src/a.js': '' },
    },
    { name: 'a folder is copied', code: 'FROM a\nCOPY src /src\n', files },
    { name: 'the build asks Git', code: 'FROM a\nCOPY . .\nRUN make VERSION=$(git describe)\n', files },
    {
      name: 'the version comes from Git',
      code: 'FROM a\nCOPY . .\nRUN pip install .\n',
      files: { ...files, 'pyproject.toml': '[tool.setuptools_scm]\n' },
    },
    {
      name: 'the version comes from Git by PDM',
      code: 'FROM a\nCOPY . .\nRUN pip install .\n',
      files: { ...files, 'pyproject.toml': "[tool.pdm.version]\nsource = 'scm'\n" },
    },
    { name: 'named on purpose', code: 'FROM a\nCOPY . .\nCOPY ./.git/ ./.git/\n', files },
    { name: 'left out by the COPY itself', code: 'FROM a\nCOPY --exclude=.git . .\n', files },
  ],
  invalid: [
    {
      code: 'FROM a\nCOPY «.» /app\nRUN make\n',
      files,
      message: 'takes .git',
      evidence: /\.git: 2 files/,
      safety: 'unsafe',
      fixed: 'FROM a\nCOPY . /app\nRUN make\n',
      fixedFiles: { '.dockerignore': 'dist\n.git\n' },
    },
    { name: 'once for a file', code: 'FROM a AS b\nCOPY src «./» /app/\nFROM a\nCOPY . /app\n', files },
  ],
});
