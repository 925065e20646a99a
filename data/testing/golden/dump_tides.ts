/** Prints what `tides.py` computes from: harmonic constants as the package has them, and some episodes. */
import { fetchPackage, load } from "../../npm/package.ts";
import { NOISY_TIDES, tideDataSet, TIDES } from "../../tides/mod.ts";
import { readStations, splitStations, TIDE_DATABASE } from "../../tides/stations.ts";

interface Source {
  readonly id: string;
  readonly harmonic_constituents: readonly {
    readonly name: string;
    readonly amplitude: number;
    readonly phase: number;
  }[];
}

const entry = await fetchPackage(TIDE_DATABASE);
const { stations } = await load(new URL("dist/worker/index.js", entry).href) as {
  readonly stations: readonly Source[];
};
const splits = splitStations(await readStations());
const constants = ({ id }: { readonly id: string }) => {
  const { harmonic_constituents } = stations.find((station) => station.id === id)!;
  return { id, constituents: harmonic_constituents.map(({ name, amplitude, phase }) => [name, amplitude, phase]) };
};
console.log(JSON.stringify({
  train: splits.train.map(constants),
  curves: splits.train.filter(({ licence }) => licence === "public domain").slice(0, 3).map(constants),
  episodes: [TIDES, NOISY_TIDES].flatMap((family) => {
    const data = tideDataSet(family, splits);
    return [5, 10, 20].map((shots) => {
      const { supportX, supportY, queryX, queryY } = data.episodes("test", 0, 25, shots, 1);
      const [sx, sy, qx, qy] = [supportX, supportY, queryX, queryY].map((values) => [...values]);
      return { family: family.name, noise: family.noise, shots, supportX: sx, supportY: sy, queryX: qx, queryY: qy };
    });
  }),
}));
