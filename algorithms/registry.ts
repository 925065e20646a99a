/** The table of algorithms: adding one is one file and one line. */
import type { Algorithm } from "./algorithm.ts";
import { anil } from "./anil.ts";
import { baselinePlusPlus } from "./baseline_plus_plus.ts";
import { boil } from "./boil.ts";
import { cavia } from "./cavia.ts";
import { fomaml } from "./fomaml.ts";
import { imaml } from "./imaml.ts";
import { maml } from "./maml.ts";
import { mamlPlusPlus } from "./maml_plus_plus.ts";
import { metaCurvature } from "./meta_curvature.ts";
import { metaoptnetRidge } from "./metaoptnet_ridge.ts";
import { metaoptnetSvm } from "./metaoptnet_svm.ts";
import { metaSgd } from "./meta_sgd.ts";
import { mtl } from "./mtl.ts";
import { mtlAllRows } from "./mtl_all_rows.ts";
import { mtlClassRows } from "./mtl_class_rows.ts";
import { mtlSolved } from "./mtl_solved.ts";
import { pooled } from "./pooled.ts";
import { protonet } from "./protonet.ts";
import { r2d2 } from "./r2d2.ts";
import { reptile } from "./reptile.ts";
import { scratch } from "./scratch.ts";
import { unicornMaml } from "./unicorn_maml.ts";

/** All algorithms, by name, in the order reports list them. */
export const algorithms = {
  mtl,
  "mtl-class-rows": mtlClassRows,
  "mtl-all-rows": mtlAllRows,
  "baseline-plus-plus": baselinePlusPlus,
  maml,
  fomaml,
  anil,
  boil,
  "meta-sgd": metaSgd,
  "meta-curvature": metaCurvature,
  "maml-plus-plus": mamlPlusPlus,
  "unicorn-maml": unicornMaml,
  imaml,
  cavia,
  reptile,
  "mtl-solved": mtlSolved,
  r2d2,
  "metaoptnet-ridge": metaoptnetRidge,
  "metaoptnet-svm": metaoptnetSvm,
  protonet,
  pooled,
  scratch,
} as const satisfies Record<string, Algorithm>;

/** An algorithm of the table. */
export type AlgorithmName = keyof typeof algorithms;
