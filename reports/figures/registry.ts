/** The table of figures, in the order of the page. Adding one is one file and one line. */
import { costByScore } from "./cost_by_score.ts";
import { depthHeatmap } from "./depth_heatmap.ts";
import { curveAdaptation } from "./curve_adaptation.ts";
import type { Figure } from "./figure.ts";
import { forest } from "./forest.ts";
import { layerSimilarity } from "./layer_similarity.ts";
import { omniglotEpisode } from "./omniglot_episode.ts";
import { predictionDistance } from "./prediction_distance.ts";
import { reliability } from "./reliability.ts";
import { scaling } from "./scaling.ts";
import { scoreBySteps } from "./score_by_steps.ts";
import { textEpisode } from "./text_episode.ts";
import { trainByAdapt } from "./train_by_adapt.ts";
import { trainByTest, trainByTestDifference } from "./train_by_test.ts";
import { validationCurves } from "./validation_curves.ts";
import { verdictGrid } from "./verdict_grid.ts";

/** All figures by name. */
export const FIGURES = {
  verdict_grid: verdictGrid,
  forest,
  score_by_steps: scoreBySteps,
  train_by_adapt: trainByAdapt,
  depth_heatmap: depthHeatmap,
  train_by_test: trainByTest,
  train_by_test_difference: trainByTestDifference,
  scaling,
  prediction_distance: predictionDistance,
  cost_by_score: costByScore,
  validation_curves: validationCurves,
  layer_similarity: layerSimilarity,
  reliability,
  curve_adaptation: curveAdaptation,
  omniglot_episode: omniglotEpisode,
  text_episode: textEpisode,
} as const satisfies Record<string, Figure>;
