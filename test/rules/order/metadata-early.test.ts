import { metadataEarly } from '../../../server/rules/order/metadata-early.js';
import { testRule } from '../../helpers/rule-tester.js';

const settings = { builder: 'buildah' } as const;

testRule(metadataEarly, {
  valid: [
    { name: 'BuildKit does not care', code: 'FROM a\nLABEL v=1\nRUN make\n' },
    { name: 'at the end', code: 'FROM a\nRUN make\nLABEL v=1\nCMD ["x"]\n', settings },
    { name: 'a variable that changes below', code: 'FROM a\nARG V=1\nLABEL v=$V\nARG V=2\nRUN make\n', settings },
    {
      name: 'the classic builder freezes a volume',
      code: 'FROM a\nVOLUME /data\nRUN make\n',
      settings: { builder: 'classic' },
    },
    {
      name: 'a SHELL below would run the command',
      code: 'FROM a\nCMD serve\nSHELL ["/bin/bash", "-c"]\nRUN make\n',
      settings: { builder: 'classic' },
    },
    {
      name: 'what is said again below stays the last word',
      code: 'FROM a\nCMD ["a"]\nHEALTHCHECK NONE\nLABEL v=1 w=1\nRUN make\nCMD ["b"]\nHEALTHCHECK CMD x\nLABEL v=2\n',
      settings,
    },
    {
      name: 'and so does what cannot move itself',
      code: 'FROM a\nCMD ["a"]\nCMD serve\nSHELL ["/bin/bash", "-c"]\nRUN make\n',
      settings,
    },
    {
      name: 'Buildah finds no RUN again that mounts a stage which ends in metadata',
      code: 'FROM a AS b\nLABEL v=1\nRUN make\nFROM c\nRUN --mount=type=bind,from=b,target=/b cp /b/x /x\n',
      settings,
    },
  ],
  invalid: [
    {
      code: 'FROM a\n«LABEL» v=1 \\\n  w=2\nRUN make\nEXPOSE 80\nRUN make test\n',
      settings,
      message: 'buildah re-runs 2 steps below when this LABEL changes',
      safety: 'safe',
      fixed: 'FROM a\nRUN make\nRUN make test\nLABEL v=1 \\\n  w=2\nEXPOSE 80\n',
    },
    {
      name: 'the exec form needs no shell',
      code: 'FROM a\n«CMD» ["serve"]\nSHELL ["/bin/bash", "-c"]\nRUN make\n',
      settings: { builder: 'classic' },
      message: 'the classic builder re-runs a step below when this CMD changes',
      fixed: 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN make\nCMD ["serve"]\n',
    },
    {
      name: 'other labels and ports below are no matter',
      code: 'FROM a\n«LABEL» v=1\nEXPOSE 80\nRUN make\nLABEL w=2\nEXPOSE 81\n',
      settings,
      fixed: 'FROM a\nRUN make\nLABEL w=2\nEXPOSE 81\nLABEL v=1\nEXPOSE 80\n',
    },
    {
      name: 'each stage by itself',
      code: 'FROM a AS b\n«CMD» ["x"]\nRUN make\nFROM c\nRUN make\n',
      settings: { builder: 'classic' },
      message: 'the classic builder',
      fixed: 'FROM a AS b\nRUN make\nCMD ["x"]\nFROM c\nRUN make\n',
    },
  ],
});
