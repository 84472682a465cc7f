import { broadCopy } from '../../../server/rules/context/broad-copy.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { 'public/index.html': '', 'conf/nginx.conf': '', 'README.md': '' };

testRule(broadCopy, {
  valid: [
    {
      name: 'a RUN may use it',
      code: 'FROM a AS b\nCOPY . /src\nRUN make\nFROM c\nCOPY --from=b /src/public /x\n',
      files,
    },
    { name: 'all of it is taken', code: 'FROM a AS b\nCOPY . /src\nFROM c\nCOPY --from=b /src /x\n', files },
    {
      name: 'a stage is built from it',
      code: 'FROM a AS b\nCOPY . /src\nFROM b\nCOPY --from=b /src/public /x\n',
      files,
    },
    {
      name: 'a mount of it',
      code: 'FROM a AS b\nCOPY . /src\nFROM c\nRUN --mount=from=b,target=/s make\nCOPY --from=b /src/public /x\n',
      files,
    },
    {
      name: 'a trigger takes more of it',
      code: 'FROM a AS b\nCOPY . /src\nFROM c AS d\nONBUILD COPY --from=b /src/README.md /x/\nFROM d\nCOPY --from=b /src/public /x\n',
      files,
    },
    { name: 'the last stage', code: 'FROM a\nCOPY . /src\n', files },
    {
      name: 'what is taken is not of the context',
      code: 'FROM a AS b\nCOPY . /src\nFROM c\nCOPY --from=b /src/public /etc/hosts /x/\n',
      files,
    },
    {
      name: 'the folders above come along with their modes',
      code: 'FROM a AS b\nCOPY . /src\nFROM c\nCOPY --parents --from=b /src/public/index.html /x/\n',
      files,
    },
    {
      name: 'a place that a word does not say as it stands',
      code: 'FROM a AS b\nCOPY [".", "/my src/"]\nFROM c\nCOPY --from=b ["/my src/public", "/x"]\n',
      files,
    },
    { name: 'a wildcard', code: 'FROM a AS b\nCOPY . /src\nFROM c\nCOPY --from=b /src/*.md /x/\n', files },
  ],
  invalid: [
    {
      code: 'FROM scratch AS b\nCOPY «.» /src\nFROM c\nCOPY --from=b /src/public /x\nCOPY --from=b /src/conf/nginx.conf /y\n',
      files,
      message: 'only public, conf/nginx.conf is used',
      safety: 'safe',
      fixed:
        'FROM scratch AS b\nCOPY public /src/public\nCOPY conf/nginx.conf /src/conf/nginx.conf\nFROM c\nCOPY --from=b /src/public /x\nCOPY --from=b /src/conf/nginx.conf /y\n',
    },
    {
      name: 'an archive stays packed, as it does in the folder that ADD takes',
      code: 'FROM scratch AS b\nADD «.» /src\nFROM c\nCOPY --from=b /src/a.tar.gz /x/\n',
      files: { 'a.tar.gz': 'tar', 'README.md': '' },
      safety: 'safe',
      fixed: 'FROM scratch AS b\nCOPY a.tar.gz /src/a.tar.gz\nFROM c\nCOPY --from=b /src/a.tar.gz /x/\n',
    },
  ],
});
