import type { EngineCase } from './case.js';
import { chainedFileCases } from './cases/chained-files.js';
import { chainedInstructionCases } from './cases/chained-instructions.js';

/** Cases for builders that chain every instruction: one is edited, or a file changes, and what stands below tells. */
export const chainedCases: readonly EngineCase[] = [...chainedInstructionCases, ...chainedFileCases];
