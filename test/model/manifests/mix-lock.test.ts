import assert from 'node:assert/strict';
import { isMixLockSteady } from '../../../server/model/manifests/mix-lock.js';

const sum = '0'.repeat(64);
const locked = (name: string, version: string, children = '', managers = ':mix', repository = 'hexpm') =>
  `  "${name}": {:hex, :${name}, "${version}", "${sum}", [${managers}], [${children}], "${repository}", "${sum}"},\n`;
const child = (name: string, requirement: string, optional = false) =>
  `{:${name}, "${requirement}", [hex: :${name}, repo: "hexpm", optional: ${optional}]}`;
const lockfile = (...lines: string[]) => `%{\n${lines.join('')}}\n`;
const manifest = (dependencies: string) =>
  `defmodule A do\n  def project do\n    [app: :a, deps: deps()]\n  end\n\n  defp deps do\n    [\n${dependencies}\n    ]\n  end\nend\n`;

describe('isMixLockSteady', () => {
  const jason = locked('jason', '1.4.1');
  const steady: readonly (readonly [name: string, dependencies: string, lock: string])[] = [
    ['what is asked for is locked', '{:jason, "~> 1.2"}', jason],
    ['options that say nothing of the place', '{:jason, "~> 1.2", only: [:dev, :test], runtime: false},', jason],
    ['comments', '# JSON\n{:jason, "~> 1.2"}, # fast\n# {:poison, "~> 1.0"}', jason],
    ['more is locked than asked for', '{:jason, ">= 0.0.0"}', jason + locked('plug', '1.0.0')],
    ['one of several requirements', '{:jason, "~> 0.9 or ~> 1.4.0"}', jason],
    ['all of several requirements', '{:jason, ">= 1.0.0 and < 2.0.0"}', jason],
    ['a dependency of a dependency', '{:plug, "== 1.0.0"}', locked('plug', '1.0.0', child('jason', '~> 1.0')) + jason],
    ['one that is not needed', '{:plug, "1.0.0"}', locked('plug', '1.0.0', child('jason', '~> 1.0', true))],
    [
      'one that the project overrides',
      '{:plug, "1.0.0"}, {:jason, "~> 1.4", override: true}',
      locked('plug', '1.0.0', child('jason', '~> 0.9')) + jason,
    ],
  ];
  for (const [name, dependencies, lock] of steady)
    it(name, () => assert.equal(isMixLockSteady(lockfile(lock), [manifest(dependencies)]), true));

  const others: readonly (readonly [name: string, dependencies: string, lock: string])[] = [
    ['not locked', '{:plug, "~> 1.0"}', jason],
    ['another version is asked for', '{:jason, "~> 1.5"}', jason],
    ['the last number may grow only', '{:jason, "~> 1.3.0"}', jason],
    [
      'another version is asked for by a dependency',
      '{:plug, "~> 1.0"}',
      locked('plug', '1.0.0', child('jason', '~> 2.0')) + jason,
    ],
    [
      'what a dependency asks for is not locked',
      '{:plug, "~> 1.0"}',
      locked('plug', '1.0.0', child('jason', '~> 1.0')),
    ],
    ['an entry without managers', '{:jason, "~> 1.2"}', locked('jason', '1.4.1', '', '')],
    [
      'an entry of an older form',
      '{:jason, "~> 1.2"}',
      `  "jason": {:hex, :jason, "1.4.1", "${sum}", [:mix], [], "hexpm"},\n`,
    ],
    ['another repository', '{:jason, "~> 1.2"}', locked('jason', '1.4.1', '', ':mix', 'hexpm:own')],
    [
      'a dependency from Git',
      '{:jason, github: "a/jason"}',
      '  "jason": {:git, "https://github.com/a/jason.git", "0", []},\n',
    ],
    ['a pre-release', '{:jason, "~> 1.4"}', locked('jason', '1.4.1-rc.1')],
    ['no list', '{:jason, "~> 1.2"}] ++ more() ++ [', jason],
    ['a condition', 'if x, do: {:jason, "~> 1.2"}', jason],
  ];
  for (const [name, dependencies, lock] of others)
    it(`cannot be told: ${name}`, () => assert.equal(isMixLockSteady(lockfile(lock), [manifest(dependencies)]), false));
});
