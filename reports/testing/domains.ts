/** Made-up results across domains. */
import type { DataSetDescription, Domain, ReportInput } from "../view/input.ts";

/** A report's input with another data set that is made of one of its own: its cells, timings apart, and verdicts again with every error or accuracy changed. */
export function withDerivedSet(input: ReportInput, from: string, name: string, domain: Partial<Domain>, factor = 1.3) {
  const base = input.datasets.find((dataset) => dataset.name === from);
  if (base === undefined) throw new Error(`internal: there is no ${from}`);
  const own: Domain = {
    ...{
      trainedOn: from,
      trainedTitle: base.title,
      testedOn: from,
      testedTitle: base.title,
      from,
      fromTitle: base.title,
    },
    trainingClasses: null,
    ...domain,
  };
  const title = own.testedOn === from ? own.trainedTitle : `${own.trainedTitle}, tested on ${own.testedTitle}`;
  const description: DataSetDescription = { ...base, name, title, domain: own };
  const cells = input.cells.filter((row) => row.dataset === from).map((row) => ({
    ...row,
    dataset: name,
    trainingUnit: own.trainingClasses === null ? row.trainingUnit : `${row.trainingUnit}/${own.trainingClasses}`,
    ...{ trainedOn: own.from, testedOn: own.testedOn, trainingClasses: own.trainingClasses },
    mean: row.mean === null
      ? null
      : row.metric === "mse"
      ? row.mean * factor
      : 1 - Math.min(0.8, (1 - row.mean) * factor),
    meanLog: row.meanLog === null ? null : row.meanLog + Math.log(factor),
  }));
  const verdicts = input.verdicts.filter(({ key }) => key.dataset === from)
    .map((pair) => ({ ...pair, key: { ...pair.key, dataset: name } }));
  return {
    ...input,
    datasets: [...input.datasets, description],
    cells: [...input.cells, ...cells],
    verdicts: [...input.verdicts, ...verdicts],
  };
}

/** An input with a pair of regression and one of classification. */
export function acrossDomains(input: ReportInput): ReportInput {
  const curves = withDerivedSet(input, "sinusoid", "sinusoid-to-waves", {
    ...{ testedOn: "waves", testedTitle: "Square waves" },
  });
  return withDerivedSet(curves, "omniglot", "omniglot-to-shapes", {
    ...{ testedOn: "shapes", testedTitle: "Shapes, 5-way" },
  });
}
