import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { root } from '../helpers/root.js';
import { layerwise } from '../helpers/run-cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const old = 'FROM base\nLABEL version=1\nRUN make\n';

/** States of the steps after the label was edited. */
async function statesFor(builder: string): Promise<readonly string[]> {
  const folder = temporaryFolder({ Dockerfile: old.replace('=1', '=2'), 'old.Dockerfile': old });
  const args = `rebuild --before-file old.Dockerfile --format json --builder ${builder}`;
  const { code, stdout, stderr } = await layerwise(args, { cwd: folder.path });
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as { readonly steps: readonly { readonly state: string }[] };
  const schema = JSON.parse(readFileSync(join(root, 'docs/schema/rebuild.schema.json'), 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  assert.ok(ajv.validate(schema, report), ajv.errorsText());
  return report.steps.map(({ state }) => state);
}

describe('layerwise rebuild --builder', () => {
  it('runs nothing again with BuildKit when a label is edited', async () => {
    assert.deepEqual(await statesFor('buildkit'), ['cached']);
  });

  for (const builder of ['classic', 'buildah', 'kaniko']) {
    it(`runs all below the label again with ${builder}`, async () => {
      assert.deepEqual(await statesFor(builder), ['rebuilt', 'rebuilt']);
    });
  }

  it('says what was edited', async () => {
    const folder = temporaryFolder({ Dockerfile: old.replace('=1', '=2'), 'old.Dockerfile': old });
    const args = 'rebuild --before-file old.Dockerfile --builder classic';
    const { stdout } = await layerwise(args, { cwd: folder.path });
    assert.match(stdout, /2 of 2 steps re-run because this instruction changed\./);
  });

  it('reads the ignore file that the builder reads', async () => {
    const folder = temporaryFolder({
      Dockerfile: 'FROM base\nCOPY . .\n',
      'Dockerfile.dockerignore': 'a.txt\n',
      '.containerignore': 'b.txt\n',
      'a.txt': '',
      'b.txt': '',
    });
    const reRuns = async (builder: string, changed: string) => {
      const args = `rebuild --changed ${changed} --format json --builder ${builder}`;
      const { stdout } = await layerwise(args, { cwd: folder.path });
      return (JSON.parse(stdout) as { readonly summary: { readonly rebuilt: number } }).summary.rebuilt > 0;
    };
    assert.equal(await reRuns('buildkit', 'a.txt'), false);
    assert.equal(await reRuns('classic', 'a.txt'), true);
    assert.equal(await reRuns('buildah', 'b.txt'), true);
  });
});
