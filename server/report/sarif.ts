import type { FileResult } from '../core/engine.js';
import { fingerprintsOf } from './fingerprint.js';
import type { PlacedEdit, PlacedFinding, PlaceRange } from './place.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { compareText, countOf, oneLine, severities } from './report.js';
import type {
  SarifArtifactLocation,
  SarifFix,
  SarifLocation,
  SarifLog,
  SarifMessage,
  SarifNotification,
  SarifPhysicalLocation,
  SarifRegion,
  SarifResult,
  SarifSuppression,
} from './sarif-log.js';
import { levelOf, ruleDescriptor } from './sarif-rule.js';
import { describeSavings, summarise } from './summary.js';
import { isAbsolutePath, uriOf } from './uri.js';

/** GitHub refuses a run with more results, and shows no more than 100 locations of one. */
const MAX_RESULTS = 25_000;
const MAX_LOCATIONS = 100;
const ROOT = '%SRCROOT%';

const levels = severities.map(levelOf);

/** SARIF 2.1.0 (OASIS), within GitHub's limits; suppressed findings are listed as such, unless `omitSuppressed` is set. */
export function formatSarif(input: ReportInput): string {
  const all = input.results.flatMap((result) => resultsOf(result, input));
  const kept = all.length <= MAX_RESULTS ? all : [...all].sort(compareWeight).slice(0, MAX_RESULTS);
  const names = [...new Set(kept.map(({ ruleId }) => ruleId))].sort(compareText);
  const indexes = new Map(names.map((name, index) => [name, index]));
  const log: SarifLog = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Layerwise',
            version: input.version,
            semanticVersion: input.version,
            informationUri: 'https://github.com/layerwise/layerwise',
            rules: names.map((name) => ruleDescriptor(name, input.rules.get(name))),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          [ROOT]: { description: { text: 'The working folder, most often the root of the repository.' } },
        },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(input, all.length) }],
        results: kept.map(({ ruleId, ...rest }) => ({ ruleId, ruleIndex: indexes.get(ruleId) ?? -1, ...rest })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function notificationsOf(input: ReportInput, results: number): SarifNotification[] {
  const notifications: SarifNotification[] = summarise(input.results).skipped.map(({ rule, reason, files }) => ({
    level: 'note',
    message: { text: plainText(`${rule} did not run on ${countOf(files, 'file')}: ${oneLine(reason)}`) },
  }));
  if (results > MAX_RESULTS) {
    const text = `${results - MAX_RESULTS} less severe findings are left out, as GitHub takes no more than ${MAX_RESULTS}.`;
    notifications.push({ level: 'warning', message: { text } });
  }
  return notifications;
}

type UnindexedResult = Omit<SarifResult, 'ruleIndex'>;

/** Suppressed results last, else the most severe first. */
function compareWeight(a: UnindexedResult, b: UnindexedResult): number {
  return (
    (a.suppressions?.length ?? 0) - (b.suppressions?.length ?? 0) || levels.indexOf(a.level) - levels.indexOf(b.level)
  );
}

function resultsOf(file: FileResult, input: ReportInput): UnindexedResult[] {
  const prints = fingerprintsOf(file);
  const suppressed = new Map(
    input.omitSuppressed ? [] : file.suppressed.map((suppression) => [suppression.finding, suppression]),
  );
  return placeFindings(file, [...file.findings, ...suppressed.keys()], input).map((placed) => {
    const { finding } = placed;
    const suppression = suppressed.get(finding);
    const fixes = fixesOf(placed, file.path);
    const { message, relatedLocations } = messageOf(placed, file.path);
    return {
      ruleId: finding.rule,
      level: levelOf(finding.severity),
      message,
      locations: [{ physicalLocation: physicalLocation(file.path, placed.range) }],
      ...(relatedLocations.length > 0 ? { relatedLocations } : {}),
      partialFingerprints: { primaryLocationLineHash: prints.get(finding) ?? '' },
      ...(fixes.length > 0 ? { fixes } : {}),
      ...(suppression ? { suppressions: [suppressionOf(suppression)] } : {}),
    };
  });
}

function suppressionOf({ by, reason }: FileResult['suppressed'][number]): SarifSuppression {
  return {
    kind: by === 'comment' ? 'inSource' : 'external',
    status: 'accepted',
    ...(reason === undefined ? {} : { justification: reason }),
  };
}

/** The finding and its evidence as text; a viewer shows a related location where the text links to it by its id. */
function messageOf(
  { finding, evidence }: PlacedFinding,
  path: string,
): { message: SarifMessage; relatedLocations: SarifLocation[] } {
  const lines = [plainText(oneLine(finding.message))];
  const relatedLocations: SarifLocation[] = [];
  for (const piece of evidence) {
    const text = oneLine(piece.text);
    const place = piece.path ?? (piece.range && path);
    if (place === undefined || relatedLocations.length === MAX_LOCATIONS - 1) {
      lines.push(`- ${plainText(text)}`);
      continue;
    }
    const id = relatedLocations.length + 1;
    relatedLocations.push({
      id,
      message: { text: plainText(text) },
      physicalLocation: physicalLocation(place, piece.range),
    });
    lines.push(`- [${text.replace(/[\\[\]]/g, '\\$&')}](${id})`);
  }
  if (finding.savings) lines.push(`- ${plainText(describeSavings(finding.savings))}`);
  return { message: { text: lines.join('\n') }, relatedLocations };
}

/** SARIF reads `[text](target)` as a link (§3.11.6); a blank keeps shell and JSON text from looking like one. */
function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}

function physicalLocation(path: string, range: PlaceRange | undefined): SarifPhysicalLocation {
  return { artifactLocation: artifactLocation(path), ...(range ? { region: regionOf(range) } : {}) };
}

function artifactLocation(path: string): SarifArtifactLocation {
  return { uri: uriOf(path), ...(isAbsolutePath(path) ? {} : { uriBaseId: ROOT }) };
}

function regionOf({ start, end }: PlaceRange): SarifRegion {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** Manual fixes are advice that no viewer should apply. */
function fixesOf({ fixes }: PlacedFinding, own: string): SarifFix[] {
  return fixes.flatMap(({ fix, edits }) => {
    if (fix.safety === 'manual' || edits.length === 0) return [];
    const byPath = new Map<string, PlacedEdit[]>();
    for (const edit of edits) {
      const path = edit.path ?? own;
      const list = byPath.get(path) ?? [];
      list.push(edit);
      byPath.set(path, list);
    }
    const caveat = fix.safety === 'unsafe' ? ` (unsafe${fix.caveat ? `: ${fix.caveat}` : ''})` : '';
    const artifactChanges = [...byPath].map(([path, list]) => ({
      artifactLocation: artifactLocation(path),
      replacements: list.map(({ range, text }) => ({ deletedRegion: regionOf(range), insertedContent: { text } })),
    }));
    return [{ description: { text: plainText(oneLine(fix.title + caveat)) }, artifactChanges }];
  });
}
