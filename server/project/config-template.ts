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

  // Build contexts that neither compose files, bake files nor workflows tell: glob of Dockerfiles to folder.
  // "contexts": { "docker/*.Dockerfile": "." },

  // Files that are not linted.
  // "exclude": ["examples/**"],

  // Settings for some files only; later ones win.
  // "overrides": [{ "files": ["**/test/**"], "rules": { "missing-cache-mount": "off" } }]
}
`;
