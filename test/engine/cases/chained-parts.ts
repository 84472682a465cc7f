/** How the cases for chained builders begin and end. */
export const first = 'FROM base:1\nRUN echo SALT > /salt\n';
export const last = 'RUN echo last\n';

/** Two builds that differ in one step between these. */
export const between = (before: string, after: string): [string, string] => [
  `${first}${before}\n${last}`,
  `${first}${after}\n${last}`,
];

/** A stage of which another copies. */
export const two = (copied: string, rest = '') =>
  `FROM base:1 AS a\nCOPY d /d\nRUN echo SALT > /made\nFROM base:1\nRUN echo SALT other\n${copied}\n${rest}${last}`;
