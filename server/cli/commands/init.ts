import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileErrorText } from '../../project/file-error.js';
import { createConfigLoader } from '../../project/load-config.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

const schemaUrl = 'https://raw.githubusercontent.com/layerwise/layerwise/main/docs/schema/config.schema.json';

/** A config that changes nothing until a comment is taken away. */
export const configTemplate = `{
  "$schema": "${schemaUrl}",

  // Other configs to start from, relative to this file.
  // "extends": ["./layerwise.shared.jsonc"],

  // The builder the advice is for: buildkit, buildkit-graphdriver, classic, buildah or kaniko.
  // "builder": "buildkit",

  // How package caches stay out of the image: mounts, clean, or auto (as each file does already).
  // "cacheStrategy": "auto",

  // off, on, info, warning, error, or an object with "severity" and the rule's options.
  // "layerwise rules" lists the rules, "layerwise explain RULE" tells about one.
  "rules": {
    // "unexplained-suppression": "warning"
  },

  // Build contexts that compose files do not tell: glob of Dockerfiles to folder.
  // "contexts": { "docker/*.Dockerfile": "." },

  // Files that are not linted.
  // "exclude": ["examples/**"],

  // Settings for some files only; later ones win.
  // "overrides": [{ "files": ["**/test/**"], "rules": { "missing-cache-mount": "off" } }]
}
`;

/** `layerwise init [DIR]` */
export async function runInit(args: Args, io: Io): Promise<CliResult> {
  const folder = path.resolve(io.cwd, args.positionals[0] ?? '.');
  if (!existsSync(folder)) throw new CliError(`${args.positionals[0]}: no such folder`);
  const existing = createConfigLoader([]).nearest(folder).path;
  if (existing !== undefined && path.dirname(existing) === folder) {
    throw new CliError(`${path.relative(io.cwd, existing)} exists already; it is left as it is`);
  }
  const file = path.join(folder, '.layerwise.jsonc');
  try {
    writeFileSync(file, configTemplate, { flag: 'wx' });
  } catch (error) {
    throw new CliError(`${path.relative(io.cwd, file)}: ${fileErrorText(error)}`);
  }
  const above =
    existing && `It takes the place of ${path.relative(io.cwd, existing)}; extend that to keep its settings.\n`;
  return { stdout: '', stderr: `Wrote ${path.relative(io.cwd, file)}\n${above ?? ''}`, code: 0 };
}
