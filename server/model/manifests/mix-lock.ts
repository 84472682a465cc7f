/**
 * `mix deps.get` leaves the `mix.lock` as it is: every dependency comes from hex.pm, is locked in the newest form, and has a version that
 * all who ask for it allow. False where that cannot be told from the texts, and for dependencies from Git, whose own are not in it.
 *
 * Mix writes the lockfile only where it would have other content (`Mix.Dep.Lock.write`); Hex keeps what is locked and fits
 * (`Hex.RemoteConverger.prepare_locked`), and redoes entries without managers or checksums (`Hex.SCM.checkout`, `lock_merge`).
 */
export function isMixLockSteady(lock: string, manifests: readonly string[]): boolean {
  const locked = lockedIn(lock);
  if (!locked) return false;
  const asked = manifests.map(dependenciesOf);
  const overridden = new Set(asked.flatMap((ones) => ones?.flatMap((one) => (one.override ? one.name : [])) ?? []));
  const isMet = ({ name, requirement, optional }: Asked) => {
    const one = locked.get(name);
    return one ? allows(requirement, one.version) : optional;
  };
  return (
    asked.every((ones) => ones?.every(isMet)) &&
    [...locked.values()].every(({ asks }) =>
      asks.every((one) => (overridden.has(one.name) ? locked.has(one.name) : isMet(one))),
    )
  );
}

interface Asked {
  readonly name: string;
  readonly requirement: string;
  readonly optional: boolean;
  /** Only what the project says of its version counts. */
  readonly override?: boolean;
}

interface Locked {
  readonly version: string;
  readonly asks: readonly Asked[];
}

const lockLine =
  /^ {2}"(\w+)": \{:hex, :(\w+), "([^"]+)", "[0-9a-f]{64}", \[:[^\]]+\], \[(.*)\], "hexpm", "[0-9a-f]{64}"\},?$/;
const lockChild = /\{:(\w+), "([^"]+)", \[hex: :(\w+), repo: "hexpm", optional: (true|false)\]\}(?:, )?/g;

function lockedIn(lock: string): ReadonlyMap<string, Locked> | undefined {
  const found = new Map<string, Locked>();
  for (const line of lock.split(/\r?\n/)) {
    if (/^(?:%\{|\}|)$/.test(line.trim())) continue;
    const [, app, name, version, children] = lockLine.exec(line) ?? [];
    if (app === undefined || app !== name || version === undefined || children === undefined) return undefined;
    if (children.replaceAll(lockChild, '') !== '') return undefined;
    const asks = [...children.matchAll(lockChild)].map(
      ([, own = '', requirement = '', , optional]): Asked => ({
        name: own,
        requirement,
        optional: optional === 'true',
      }),
    );
    found.set(app, { version, asks });
  }
  return found;
}

/** Options of a dependency that say nothing of where it comes from. */
const plainOption =
  /^(?:only: (?::\w+|\[[:\w, ]*\])|(?:runtime|override|app|optional): (?:true|false|:\w+)|targets: (?::\w+|\[[:\w, ]*\]))$/;

/** What the function `deps` lists, where it is a plain list; undefined where it is something else. */
function dependenciesOf(manifest: string): readonly Asked[] | undefined {
  const text = manifest.replace(/^[ \t]*#(?!\{).*$/gm, '').replace(/(?<![ \t])[ \t]+#[^"\n]*$/gm, '');
  const isOne = [...text.matchAll(/^ *defp? deps\b/gm)].length === 1;
  if (!isOne || !/\bdeps: deps(?:\(\))?\s*[,\n\]]/.test(text)) return undefined;
  const body = /^( *)defp? deps(?:\(\))? do\s*\[([\s\S]*?)\]\s*\n\1end$/m.exec(text)?.[2];
  if (body === undefined) return undefined;
  const found: Asked[] = [];
  for (const part of body
    .trim()
    .replace(/,$/, '')
    .split(/\}\s*,\s*(?=\{)/)) {
    if (part === '' || part === '}') continue;
    const [, name, requirement, rest = ''] =
      /^\{\s*:(\w+),\s*"([^"#]+)"\s*((?:,[\s\S]*)?)$/.exec(part.replace(/\}$/, '').trim()) ?? [];
    if (name === undefined || requirement === undefined) return undefined;
    const options = rest.replaceAll(/\s+/g, ' ').split(/,(?![^[]*\])/);
    if (!options.every((one) => one.trim() === '' || plainOption.test(one.trim()))) return undefined;
    found.push({ name, requirement, optional: false, override: /\boverride: true\b/.test(rest) });
  }
  return found;
}

/** False for versions that are pre-releases. */
function allows(requirement: string, version: string): boolean {
  const own = numbersOf(version);
  const all = (part: string) => own?.length === 3 && part.split(/\s+and\s+/).every((one) => fits(one.trim(), own));
  return requirement.split(/\s+or\s+/).some(all);
}

/** False for a requirement that names a pre-release. https://hexdocs.pm/elixir/Version.html#module-requirements */
function fits(requirement: string, version: readonly number[]): boolean {
  const [, operator = '', text = ''] = /^(~>|[<>=!]=|[<>]|)\s*([\d.]+)$/.exec(requirement) ?? [];
  const asked = numbersOf(text);
  if (!asked || (operator !== '~>' && asked.length < 3)) return false;
  const order = compare(version, asked);
  if (operator === '~>')
    return asked.length > 1 && order >= 0 && compare(version.slice(0, asked.length - 1), asked.slice(0, -1)) === 0;
  return (
    {
      '': order === 0,
      '==': order === 0,
      '!=': order !== 0,
      '>=': order >= 0,
      '<=': order <= 0,
      '>': order > 0,
      '<': order < 0,
    }[operator] ?? false
  );
}

function numbersOf(text: string): readonly number[] | undefined {
  return /^\d+(?:\.\d+){0,2}$/.test(text) ? text.split('.').map(Number) : undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
