import { signed } from "../view/signed.ts";
import { meanOf } from "../statistics/moments.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { DIVERGING, ON_STRONG_TILE, ON_TILE, PAPER } from "../view/palette.ts";
import { adaptationAxis } from "../view/adaptation.ts";
import { settingLabel, settingsAmong, settingsDiffer, varying } from "../view/settings.ts";
import { distinct, hasVariants, list, plural, range } from "../view/select.ts";
import { ROW_HEADER } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { commonTitles, gridPairs, seedDifferences } from "../view/compared.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Heat map of a - b over sharing depth x shots, a panel per number of inner steps: the comparison that the grid of verdicts shows. */
export const depthHeatmap: Figure = { name: "depth_heatmap", draw };

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const judged = gridPairs(input, dataset.name);
  const all = judged.flatMap((pair) => {
    const { norm, trainingTasks, adapter, shots, innerSteps, sharingDepth } = pair.key.a;
    const place = { norm, trainingTasks, adapter, shots, innerSteps, sharingDepth };
    const { lo, hi } = pair.verdict;
    const half = lo === null || hi === null ? null : (hi - lo) / 2;
    return seedDifferences(input, pair).map(({ difference }) => ({ ...place, difference, half }));
  });
  if (all.length === 0) return undefined;
  const accuracy = dataset.metric === "accuracy";
  const groups = Map.groupBy(all, ({ difference: _, half: __, ...place }) => JSON.stringify(place));
  const adaptations = adaptationAxis(input, all);
  const panels = adaptations.labels.map(adaptations.headingOf);
  const several = varying(dataset).length > 0;
  const settings = settingsAmong(all).map((setting) => settingLabel(dataset, setting));
  const values = [...groups.values()].flatMap((group) => {
    const mean = meanOf(group.map(({ difference }) => difference));
    const [pair] = group;
    const { half } = pair;
    return [{
      depth: String(pair.sharingDepth ?? "none"),
      shots: pair.shots,
      panel: adaptations.headingOf(adaptations.labelOf(pair)),
      setting: settingLabel(dataset, pair),
      difference: mean,
      half,
      // Towards a is positive: more accuracy, or less error.
      better: accuracy ? mean : -mean,
      label: signed(mean, accuracy ? 1 : 2),
      spread: half === null ? "" : `± ${half.toFixed(accuracy ? 1 : 2)}`,
      seeds: group.length,
    }];
  });
  const judgedHalf = values.some(({ half }) => half !== null);
  const extreme = Math.max(...values.map(({ better }) => Math.abs(better)), accuracy ? 0.1 : 0.01);
  const depths = distinct(all.map(({ sharingDepth }) => sharingDepth)).map((depth) => String(depth ?? "none"));
  const { a, b } = commonTitles(input, judged);
  const unit = accuracy ? "percentage points" : "ln(MSE ratio)";
  const seeds = range(values.map((value) => value.seeds));
  const title = `${dataset.title}: ${a} minus ${b}`;
  const onDark = { test: `datum.better > ${0.75 * extreme}`, value: ON_STRONG_TILE };
  return {
    title,
    caption: [
      accuracy
        ? `Accuracy of ${a} minus that of ${b} in percentage points; positive: ${a} is more accurate.`
        : `Mean over episodes of ln(MSE of ${a} / MSE of ${b}); negative: ${a} has the smaller error, −0.69 means half the error.`,
      `Both have the sharing depth of the row; differences are paired by seed on the same test episodes, then averaged over ${
        plural(seeds, "seed")
      }.`,
      judgedHalf ? "Below each difference: half the width of the interval that its verdict is read from." : "",
      `Blue is better for ${a}, orange for ${b}.`,
      settingsDiffer(dataset),
      hasVariants(input.cells, dataset.name) ? "Of several task starts, the first one of the sweep is shown." : "",
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `${accuracy ? "Accuracy" : "ln MSE"} of ${a} minus that of ${b}, mean over seeds${
      judgedHalf ? ", ± half of the verdict's bootstrap interval over seeds and episodes" : ""
    }; blue is better for ${a}, orange for ${b}.`,
    alt: `Heat map over sharing depth and shots, in panels for ${list(panels)}. ${a} minus ${b} ranges from ${
      signed(Math.min(...values.map(({ difference }) => difference)), 2)
    } to ${signed(Math.max(...values.map(({ difference }) => difference)), 2)} ${unit}.`,
    spec: {
      $schema: SCHEMA,
      config: { ...CONFIG, view: { stroke: null } },
      title: {
        text: title,
        subtitle: `${unit}, mean over ${plural(seeds, "seed")}${judgedHalf ? " ± interval of its verdict" : ""}`,
      },
      data: { values },
      facet: {
        column: { field: "panel", type: "ordinal", sort: panels, header: { title: null } },
        ...(several
          ? {
            row: {
              field: "setting",
              type: "ordinal",
              sort: settings,
              header: ROW_HEADER,
            },
          }
          : {}),
      },
      spacing: 14,
      spec: {
        width: { step: 72 },
        height: { step: 56 },
        encoding: {
          x: { field: "shots", type: "ordinal", title: "shots", axis: QUIET_AXIS },
          y: {
            field: "depth",
            type: "ordinal",
            sort: depths,
            title: several && depths.length < 2 ? ["sharing", "depth"] : "sharing depth",
            axis: QUIET_AXIS,
          },
        },
        layer: [
          {
            mark: { type: "rect", stroke: PAPER, strokeWidth: 2 },
            encoding: {
              color: {
                field: "better",
                type: "quantitative",
                title: null,
                scale: {
                  domain: [-extreme, 0, extreme],
                  range: [DIVERGING.b, DIVERGING.none, DIVERGING.a],
                  interpolate: "lab",
                },
                legend: {
                  values: [-extreme, 0, extreme],
                  labelExpr: `datum.value < 0 ? ${JSON.stringify(`${b} better`)} : datum.value > 0 ? ${
                    JSON.stringify(`${a} better`)
                  } : 'no difference'`,
                  gradientLength: 90,
                  labelOffset: 6,
                },
              },
            },
          },
          {
            mark: { type: "text", fontSize: 14, fontWeight: 600, dy: judgedHalf ? -6 : 0 },
            encoding: { text: { field: "label" }, color: { condition: onDark, value: ON_TILE } },
          },
          ...(!judgedHalf ? [] : [{
            mark: { type: "text" as const, fontSize: 11, dy: 11 },
            encoding: { text: { field: "spread" }, color: { condition: onDark, value: ON_TILE } },
          }]),
        ],
      },
    },
  };
}

const QUIET_AXIS = { domain: false, ticks: false } as const;
