/** Made-up pictures of single episodes. */
import type { EpisodeBatch } from "../../data/contract/dataset.ts";
import type { EpisodePicture, PicturedState } from "../view/input.ts";
import { noise } from "./noise.ts";

/** Curves that two algorithms draw through five points. */
export function sinusoidPicture(): EpisodePicture {
  const truth = (x: number) => 3.2 * Math.sin(x - 1.1);
  const grid = Array.from({ length: 100 }, (_, i) => -5 + 10 * i / 99);
  const supportX = Array.from({ length: 5 }, (_, i) => 5 * noise("support", i));
  const episode: EpisodeBatch = {
    tasks: 1,
    nSupport: 5,
    nQuery: 100,
    supportX: Float32Array.from(supportX),
    supportY: Float32Array.from(supportX, truth),
    queryX: Float32Array.from(grid),
    queryY: Float32Array.from(grid, truth),
  };
  const blend = (share: number, wobble: number) =>
    grid.map((x) => [share * truth(x) - (1 - share) * 1.6 * Math.cos(x) + wobble * Math.sin(3 * x)]);
  const states = ["mtl", "maml"].flatMap((algorithm): PicturedState[] =>
    [0, 2].flatMap((sharingDepth): PicturedState[] => {
      const base = {
        norm: "none" as const,
        trainingTasks: null,
        algorithm,
        sharingDepth,
        taskStart: algorithm === "mtl" ? "mean" as const : null,
        seed: 0,
      };
      const share = algorithm === "maml" ? 0.97 : 0.7 + 0.1 * sharingDepth;
      const wobble = 0.1 * (sharingDepth + 1);
      return [
        {
          ...base,
          adapter: "gradient",
          adaptDepth: sharingDepth,
          illustrations: [
            { innerSteps: 0, predictions: blend(0, 0) },
            { innerSteps: 1, predictions: blend(share / 2, wobble) },
            { innerSteps: 10, predictions: blend(share, wobble) },
          ],
        },
        {
          ...base,
          adapter: "ridge",
          adaptDepth: null,
          illustrations: [{ innerSteps: null, predictions: blend(0.99, 0.25) }],
        },
      ];
    })
  );
  return { dataset: "sinusoid", shots: 5, episode, states };
}

/** What two algorithms say of drawings of five classes. */
export function omniglotPicture(): EpisodePicture {
  const [ways, shots, queries] = [5, 1, 15];
  const stroke = (label: number, example: number) =>
    Float32Array.from({ length: 784 }, (_, i) => {
      const [x, y] = [
        i % 28 - 13.5 + 1.5 * noise(label, example),
        Math.floor(i / 28) - 13.5 + 1.5 * noise(example, label),
      ];
      const angle = Math.atan2(y, x);
      const radius = 7 + 3 * Math.sin((label + 1) * angle + 0.4 * noise("turn", label, example));
      return Math.max(0, 1 - Math.abs(Math.hypot(x, y) - radius) / 1.6);
    });
  const images = (count: number, offset: number) => {
    const all = new Float32Array(ways * count * 784);
    for (let i = 0; i < ways * count; i++) all.set(stroke(Math.floor(i / count), offset + i % count), i * 784);
    return all;
  };
  const oneHot = (count: number) =>
    Float32Array.from({ length: ways * count * ways }, (_, i) => Math.floor(i / ways / count) === i % ways ? 1 : 0);
  const states = ["mtl", "maml"].map((algorithm): PicturedState => ({
    norm: "batch",
    trainingTasks: null,
    algorithm,
    sharingDepth: algorithm === "mtl" ? 4 : 0,
    adapter: "gradient",
    adaptDepth: algorithm === "mtl" ? 4 : 0,
    taskStart: algorithm === "mtl" ? "mean" : null,
    seed: 0,
    illustrations: [0, 5].map((innerSteps) => ({
      innerSteps,
      predictions: Array.from({ length: ways * queries }, (_, i) =>
        Array.from({ length: ways }, (_, c) => {
          const hit = c === Math.floor(i / queries) ? (innerSteps === 0 ? 0.2 : 1.2) : 0;
          return hit + noise(algorithm, i, c);
        })),
    })),
  }));
  return {
    dataset: "omniglot",
    shots,
    episode: {
      tasks: 1,
      nSupport: ways * shots,
      nQuery: ways * queries,
      supportX: images(shots, 100),
      supportY: oneHot(shots),
      queryX: images(queries, 0),
      queryY: oneHot(queries),
    },
    states,
  };
}
