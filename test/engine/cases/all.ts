import type { EngineCase } from '../case.js';
import { claims } from './claims.js';
import { change } from './define.js';

export const allCases: readonly EngineCase[] = [
  ...claims,
  change(
    'zz1',
    'FROM base:1 AS s0\nADD d /\nCOPY --link <<one /etc/\nSALT 1\none\nRUN --mount=type=cache,target=/cache,mode=0777 echo SALT > /o1 || true\n',
    { 'd/x': 'new' },
  ),
  change('zz2', 'FROM scratch AS s0\nWORKDIR /g\nCOPY --link <<one /g/\nSALT 1\none\n', { 'd/x': 'new' }),
];
