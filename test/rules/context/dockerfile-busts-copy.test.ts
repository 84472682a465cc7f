import { dockerfileBustsCopy } from '../../../server/rules/context/dockerfile-busts-copy.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(dockerfileBustsCopy, {
  valid: [
    {
      name: 'both ignored',
      code: 'FROM a\nCOPY . .\nRUN make\n',
      files: { '.dockerignore': 'Dockerfile*\n.dockerignore\n' },
    },
    { name: 'nothing runs below', code: 'FROM a\nRUN make\nCOPY . .\nCMD ["x"]\n', files: { '.dockerignore': '' } },
    { name: 'a folder is copied', code: 'FROM a\nCOPY src .\nRUN make\n', files: { '.dockerignore': '', 'src/a': '' } },
    { name: 'no ignore file: there is more to say then', code: 'FROM a\nCOPY . .\nRUN make\n', files: {} },
    {
      name: 'what runs below is quick',
      code: 'FROM a\nCOPY . .\nRUN chmod +x run.sh && mkdir /data\n',
      files: { '.dockerignore': '' },
    },
    { name: 'named on purpose', code: 'FROM a\nCOPY Dockerfile /\nRUN make\n', files: {} },
  ],
  invalid: [
    {
      code: 'FROM a\nCOPY «.» .\nRUN make\nRUN make test\n',
      files: { '.dockerignore': 'dist\n' },
      message: 'COPY . takes Dockerfile and .dockerignore: editing them re-runs this step and 2 RUNs below',
      safety: 'unsafe',
      fixedFiles: { '.dockerignore': 'dist\nDockerfile\n.dockerignore\n' },
    },
    {
      name: 'once for a file, with all that it takes',
      code: 'FROM a AS b\nCOPY «.» .\nRUN make\nFROM a\nCOPY . .\nRUN make\n',
      files: { '.dockerignore': '' },
      fixedFiles: { '.dockerignore': 'Dockerfile\n.dockerignore\n' },
    },
  ],
});
