import type { EngineCase } from '../case.js';
import { argumentCases } from './arguments.js';
import { claims } from './claims.js';
import { copyCases } from './copies.js';
import { instructionCases } from './instructions.js';
import { mountCases } from './mounts.js';
import { optionCases } from './options.js';
import { stageCases } from './stages.js';

/** The table: every instruction and flag, by hand. */
export const allCases: readonly EngineCase[] = [
  ...claims,
  ...argumentCases,
  ...instructionCases,
  ...copyCases,
  ...mountCases,
  ...stageCases,
  ...optionCases,
];
