/** Methods and limits in plain words. */
import { type Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { NORM_WORDS } from "../view/settings.ts";
import { list } from "../view/select.ts";

/** What the numbers of the page mean, and what they cannot say. */
export function methods({ datasets, adapters }: Pick<ReportInput, "datasets" | "adapters">): Html {
  const used = [...new Set(datasets.flatMap(({ norms }) => norms))];
  const choices = adapters.filter(({ strength }) => strength !== "").map(({ title, strength }) =>
    `${title}: ${strength}`
  )
    .join("; ");
  return html`
    <dl class="methods">
      <dt>What is compared</dt>
      <dd>What the sweep lists as comparisons, each with its two sides, on identical test episodes and with the same training seeds. Where a comparison leaves a setting open, both sides agree in it; <em>native</em> takes each as its authors use it. Two cells that are the same trainings adapted alike are compared once.</dd>
      <dt>Margin</dt>
      <dd>How large a difference may be and still not matter. It is declared in the sweep, per data set, before anything is trained: a margin chosen after seeing results could make anything equivalent.</dd>
      <dt>Verdicts</dt>
      <dd>Each comparison has an interval, and its verdict is read off it. Equivalent: it lies within the margin. Better: it lies to one side of no difference. Large, not established: neither, though on its own, without the other comparisons of its family, the difference would be beyond the margin. Undecided: none of these; the table says what would settle it, and it is no sign of equality. A difference can be real and still lie within the margin: such a comparison is equivalent and has the flag <code>differs</code>.</dd>
      <dt>Predictions</dt>
      <dd>Expectations from the literature that the sweep states as data, as it states its margins. A prediction about several cells holds only where each of them shows it, and fails where one refutes it in spite of their number. Each is tested on its own at 5 %, not adjusted for the number of predictions; one that holds can therefore rest on a comparison whose verdict, adjusted for all cells, is still undecided. “Better” fails as soon as the advantage is shown to be smaller than the margin.</dd>
      <dt>What intervals cover</dt>
      <dd>Chance in both training seeds and test episodes: a bootstrap resamples them as crossed factors, and its variances, with Student's t for few seeds, give the intervals. They are about other seeds and other episodes of the same data set, model, budget and settings, not about other data sets.</dd>
      <dt>What they do not cover</dt>
      <dd>Rare failures: where one seed in many fails to train, the differences are skewed, a handful of seeds may contain no failure at all, and intervals are then too optimistic. Flags name what was seen of it: diverged trainings and episodes, trainings that collapsed beside their other seeds, missing seeds, and trainings that were still improving at their end. Below 3 seeds there is no verdict.</dd>
      <dt>Many comparisons</dt>
      <dd>The sweep puts its comparisons into families, each with an error rate. In a family that answers a question all intervals hold at once, so that the probability of any false claim in it, of either kind, is at most that rate; a family may pass part of it on to a later one. In an exploring family, a grid of many cells, at most 5 % of the claims that are made are false in expectation. More comparisons in a family make intervals wider: the flag <code>uncorrected</code> marks where only this stands in the way of a claim.</dd>
      <dt>Squared errors</dt>
      <dd>MSEs are compared as ratios in two ways: by the mean over episodes of their logarithm, which is about the typical episode, and by the ratio of mean MSEs, which the worst episodes rule. A winner is named only where both say so, and equivalence only where the mean names no winner; where they differ, the verdict says what each says. Diverged episodes count as the limit of divergence and are never left out; where the typical episode's verdict depends on that limit, a flag says so. Diverged episodes of accuracy count as 0 %.</dd>
      <dt>Normalisation</dt>
      <dd>${datasets.map(({ title, norms }) => `${title}: norm ${list(norms)}. `)}${used.map((norm) =>
        `Norm ${norm}: hidden layers are ${NORM_WORDS[norm]}. `
      )}Published protocols differ by exactly this: scores of one normalisation are not comparable with those of another, least of all transductive with inductive ones.</dd>
      <dt>What adaptation leaves open</dt>
      <dd>${choices === ""
        ? "Nothing in this run: what is left open would be"
        : `Of ${choices}. It is`} chosen per algorithm and setting on validation episodes; the test episodes take no part in it.</dd>
      <dt>Representations</dt>
      <dd>How alike a layer's outputs on the query sets are before and after adaptation is measured by linear CKA, which ignores rotation and scale; for the head, by its predictions. It is 1 where the layer is reused as it is. The estimator is debiased: with as few examples as a query set has, the plain one is near 1 for any two wide layers. It says that a layer moved, not whether the score needed that; layers that are frozen stay at 1 by construction.</dd>
      <dt>Costs</dt>
      <dd>Seconds depend on the machine and on what else it did. FLOPs are counted from the operations executed. Ratios on the first screen are those of one training of each side with the same seed (geometric mean over seeds); an algorithm whose training does not depend on the shots trains once for all of them, others anew for each.</dd>
      <dt>Cost to reach a score</dt>
      <dd>The operations of training until the validation curve first shows a score. Either side is asked for what the other ends with, seed by seed, so the answer does not depend on how long trainings are, as long as they get there. Curves have few points and their own noise: a cost can be one point too high, and a score reached once may be lost again.</dd>
      <dt>Long enough training</dt>
      <dd>A training is flagged <code>undertrained</code> when the last fifth of it was better on validation episodes than the fifth before by more than the sweep's tolerance, at 95 % one-sided. No flag means that this was not shown, not that nothing was left to gain.</dd>
    </dl>
  `;
}
