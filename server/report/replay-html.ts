import { htmlText } from './html-text.js';
import { replayPicture } from './replay-picture.js';
import { notesOf } from './replay-pretty.js';
import {
  causesText,
  certainRateOf,
  costText,
  heatOf,
  historyText,
  type ReplayedFile,
  type ReplayedHistory,
  type ReplayedStep,
  type ReplayReport,
  rateOf,
  savingText,
  secondsText,
} from './replay-report.js';

/** One page that needs nothing else, no script either: a picture of the stages and a table, light or dark as the reader has it. */
export function replayHtml(report: ReplayReport): string {
  const { history, now, proposed } = report;
  const saving = proposed && savingText(now.expected, proposed.expected);
  const body = [
    `<h1>${text(now.dockerfile)}</h1>`,
    `<p class="about">${text(historyText(history))}: how often each step ran again, what that costs, and why.</p>`,
    tiles(now, history, proposed && 'As it is'),
    ...(proposed ? [tiles(proposed, history, proposed.dockerfile, saving)] : []),
    legend(),
    section(now, history, proposed && 'As it is'),
    ...(proposed ? [section(proposed, history, `Proposed: ${proposed.dockerfile}`)] : []),
    ...notesOf(report).map((note) => `<p class="note">${text(note)}</p>`),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(now.dockerfile)}: layer history</title>
<style>${STYLE}</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

const text = htmlText;

function tiles(
  { expected, idle }: ReplayedFile,
  { commits }: ReplayedHistory,
  name: string | undefined,
  saving?: string,
): string {
  const guess = expected.basis === 'measured' ? '' : '~';
  const least = expected.atLeast.secondsPerCommit;
  const range = least < 0.9 * expected.secondsPerCommit ? `at least ${secondsText(least)}` : '';
  const tile = (value: string, label: string, more = '') =>
    `<div class="tile"><b>${text(value)}</b><span>${text(label)}</span>${more ? `<i>${text(more)}</i>` : ''}</div>`;
  return `<div class="tiles">${name === undefined ? '' : `<h2>${text(name)}</h2>`}${[
    tile(`${guess}${secondsText(expected.secondsPerCommit)}`, 'per commit', saving ?? range),
    tile(expected.rebuiltStepsPerCommit.toFixed(1), 'steps re-run per commit'),
    tile(`${idle} of ${commits}`, 'commits re-run nothing'),
  ].join('')}</div>`;
}

function legend(): string {
  const names = ['never', 'under 5 %', 'under 20 %', 'under 50 %', 'under 80 %', '80 % and more'];
  const items = names.map((name, heat) => `<span><i class="swatch h${heat}"></i>${name}</span>`);
  items.push('<span><i class="swatch h5 maybe"></i>paler: only if what it copies differs</span>');
  return `<p class="legend">of the commits: ${items.join(' ')}</p>`;
}

function section(file: ReplayedFile, history: ReplayedHistory, title: string | undefined): string {
  return `<section>${title === undefined ? '' : `<h2>${text(title)}</h2>`}
<div class="picture">${replayPicture(file, history)}</div>
<table>
<thead><tr><th>line</th><th>step</th><th class="wide">re-ran</th><th></th><th>takes</th><th>per commit</th><th>because of</th></tr></thead>
${file.stages.map((stage) => stageRows(file, stage, history)).join('\n')}
</table>
</section>`;
}

function stageRows(file: ReplayedFile, stage: ReplayedFile['stages'][number], history: ReplayedHistory): string {
  const name = stage.name === String(stage.index) ? '' : ` AS ${stage.name}`;
  const rows = file.steps.filter((step) => step.stage === stage).map((step) => row(step, history));
  return `<tbody><tr class="stage"><td>${stage.line}</td><td colspan="6"><code>FROM ${text(`${stage.from}${name}`)}</code></td></tr>
${rows.join('\n')}</tbody>`;
}

/** What depends on the output of a step is paler. */
function bar(step: ReplayedStep, history: ReplayedHistory): string {
  const [rate, certain] = [rateOf(step, history), certainRateOf(step, history)];
  const part = (share: number, kind: string) =>
    share > 0 ? `<span class="h${heatOf(rate)}${kind}" style="width:${(share * 100).toFixed(1)}%"></span>` : '';
  return part(certain, '') + part(rate - certain, ' maybe');
}

function row(step: ReplayedStep, history: ReplayedHistory): string {
  const rate = rateOf(step, history);
  const doubt =
    step.uncertain > 0 ? `<abbr title="${step.uncertain} of them only if what it copies differs">?</abbr>` : '';
  const cells = [
    `<td>${step.line}</td>`,
    `<td><code title="${text(step.instruction)}">${text(step.instruction)}</code></td>`,
    `<td class="bar">${bar(step, history)}</td>`,
    `<td class="number">${step.rebuilds}${doubt}</td>`,
    `<td class="number">${text(costText(step.cost))}</td>`,
    `<td class="number">${step.rebuilds > 0 ? text(secondsText(rate * step.cost.seconds)) : ''}</td>`,
    `<td class="causes" title="${text(causesText(step.causes, 8))}">${text(causesText(step.causes))}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

const STYLE = `
:root{--page:#fff;--ink:#1b232b;--dim:#5d6a76;--line:#d5dce2;--box:#f6f8fa;--edge:#8b9aa8;
--h0:#e4eaef;--h1:#bfe3c8;--h2:#e9e08c;--h3:#f6c56b;--h4:#f09a5f;--h5:#e8684f}
@media (prefers-color-scheme:dark){:root{--page:#12171c;--ink:#e3e9ee;--dim:#93a1ad;--line:#303a44;--box:#1b2229;--edge:#6b7a88;
--h0:#2a343d;--h1:#215c38;--h2:#67601a;--h3:#85590f;--h4:#934318;--h5:#a53428}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:1280px;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
h1{font-size:22px;margin:0;overflow-wrap:anywhere}
h2{font-size:16px;margin:0;overflow-wrap:anywhere}
section h2{margin:32px 0 8px}
code,.picture text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.about,.note,.legend{color:var(--dim);margin:4px 0 16px}
.note{margin:8px 0 0}
.tiles{display:flex;flex-wrap:wrap;gap:12px;align-items:stretch;margin:0 0 12px}
.tiles h2{flex-basis:100%}
.tile{border:1px solid var(--line);border-radius:8px;background:var(--box);padding:10px 16px;min-width:150px}
.tile b{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums}
.tile span,.tile i{display:block;color:var(--dim);font-style:normal}
.tile i{color:var(--ink)}
.legend span{white-space:nowrap;margin-right:10px}
.swatch{display:inline-block;width:14px;height:14px;border-radius:3px;vertical-align:-2px;margin-right:5px}
.h0{background:var(--h0);fill:var(--h0)}.h1{background:var(--h1);fill:var(--h1)}.h2{background:var(--h2);fill:var(--h2)}
.h3{background:var(--h3);fill:var(--h3)}.h4{background:var(--h4);fill:var(--h4)}.h5{background:var(--h5);fill:var(--h5)}
.picture{overflow-x:auto;border:1px solid var(--line);border-radius:8px;margin-bottom:16px}
.picture svg{display:block;margin:0 auto}
.picture .box{fill:var(--box);stroke:var(--line)}
.picture .head{fill:none;stroke:none}
.picture text{fill:var(--ink);font-size:12px}
.picture .small{font-size:11px;opacity:.75}
.picture .name{font-weight:600;font-size:13px}
.picture .edge{fill:none;stroke:var(--edge);stroke-width:1.5}
.picture .from{stroke-dasharray:5 4}
.picture .tip{fill:var(--edge)}
.picture g:hover>.box{stroke:var(--ink)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--line);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
th{color:var(--dim);font-weight:500}
th:nth-child(1){width:52px}th:nth-child(2){width:34%}th:nth-child(3){width:150px}th:nth-child(4){width:56px}
th:nth-child(5){width:76px}th:nth-child(6){width:108px}
td:first-child{color:var(--dim);text-align:right}
.stage td{background:var(--box);color:var(--dim)}
.number{text-align:right;font-variant-numeric:tabular-nums}
.bar span{display:inline-block;height:12px;border-radius:3px;vertical-align:middle}
.maybe{opacity:.5}
.causes{color:var(--dim)}
abbr{text-decoration:none;color:var(--dim)}
@media (max-width:760px){body{padding:12px}th:nth-child(6),td:nth-child(6),th:nth-child(3),td.bar{display:none}}
`.replaceAll('\n', '');
