/**
 * Which classes and which of their examples a task consists of. Only labels are looked at here: every collection is sampled in the same way.
 *
 * Laws, whatever the collection: N different classes; no example in both the support and the query set; a support set of K shots is, class by
 * class, a prefix of that of K + 1; the queries do not depend on K.
 */
import type { Rng } from "../../common/random.ts";
import { requireCount } from "../contract/checks.ts";
import type { Collection, CollectionClass } from "../contract/collection.ts";
import { DataError, type EpisodeStyle, type Split } from "../contract/dataset.ts";

/** The classes of one split, as tasks are drawn from them. */
export interface Roster {
  /** The collection's name. */
  readonly name: string;
  readonly classes: readonly CollectionClass[];
  /** Position of a class with the fewest examples. */
  readonly scarcest: number;
  /** The positions of the classes of each group, where tasks are hierarchical. */
  readonly groups?: readonly (readonly number[])[];
}

/** What a task takes of one of its classes. */
export interface DrawnClass {
  /** Position of the class in its roster. */
  readonly classId: number;
  /** K of its examples; another number where tasks are imbalanced. */
  readonly support: readonly number[];
  /** Q of its examples. */
  readonly query: readonly number[];
}

/** How much is drawn, and how. */
export interface EpisodeSize {
  /** K */
  readonly shots: number;
  /** Q, per class */
  readonly queries: number;
  /** See `EpisodeStyle`. */
  readonly imbalance?: number;
}

/**
 * Collects the classes of a split.
 *
 * @throws DataError when tasks are to be hierarchical and a class has no group
 */
export function rosterOf({ name, classes, splits }: Collection, split: Split, { hierarchical }: EpisodeStyle): Roster {
  const own = splits[split].map((id) => classes[id]);
  const scarcest = own.reduce((least, { examples }, id) => examples < own[least].examples ? id : least, 0);
  if (!hierarchical) return { name, classes: own, scarcest };
  const single = own.find(({ group }) => group === undefined);
  if (single !== undefined) {
    throw new DataError(`Cannot draw hierarchical tasks of ${name}: its class "${single.name}" belongs to no group`);
  }
  const positions = own.map((_, id) => id);
  return { name, classes: own, scarcest, groups: [...Map.groupBy(positions, (id) => own[id].group).values()] };
}

/** The most ways that a task of the roster can have. */
export function mostWays({ classes, groups }: Roster): number {
  return groups === undefined ? classes.length : Math.max(0, ...groups.map(({ length }) => length));
}

/** @throws DataError when the roster has no task of so many ways */
export function requireWays(roster: Roster, ways: number): void {
  const most = mostWays(roster);
  if (Number.isInteger(ways) && ways >= 2 && ways <= most) return;
  const range = most < 2 ? "it has no two classes in one split" : `ways must be a whole number from 2 to ${most}`;
  throw new DataError(
    `Cannot draw ${ways}-way tasks of ${roster.name}${roster.groups ? " within its groups" : ""}: ${range}`,
  );
}

/** @throws DataError when some class has fewer examples than are asked for */
export function requireExamples(roster: Roster, shots: number, queries: number): void {
  requireCount("shots", shots);
  requireCount("queries per class", queries);
  refuseScarcity(roster, shots + queries, `${shots} shots + ${queries} queries`);
}

/** @throws DataError when some class has fewer than `needed` examples; `asked` says in words what was asked for */
export function refuseScarcity({ name, classes, scarcest }: Roster, needed: number, asked: string): void {
  const { name: scarce, examples } = classes[scarcest];
  if (needed <= examples) return;
  throw new DataError(`Cannot draw ${asked} of each class of ${name}: "${scarce}" has ${examples} examples`);
}

/** Draws the classes of a task: N positions in the roster, or N of one group, each group that has N classes as likely as any other. */
export function drawClasses(random: Rng, { classes, groups }: Roster, ways: number): readonly number[] {
  if (groups === undefined) return random.choose(ways, classes.length);
  const large = groups.filter(({ length }) => length >= ways);
  const group = large[random.int(large.length)];
  return random.choose(ways, group.length).map((position) => group[position]);
}

/** Draws the examples of a task whose classes are known. */
export function drawExamples(
  random: Rng,
  { classes }: Roster,
  chosen: readonly number[],
  { shots, queries, imbalance }: EpisodeSize,
): DrawnClass[] {
  const orders = chosen.map((classId) => random.permutation(classes[classId].examples));
  const room = orders.map(({ length }) => length - queries);
  const allotted = imbalance === undefined ? room.map(() => shots) : allot(random, room, shots, imbalance);
  // Queries from the front, shots from the back: neither depends on how many there are of the other.
  return orders.map((order, n) => ({
    classId: chosen[n],
    query: order.slice(0, queries),
    support: order.reverse().slice(0, allotted[n]),
  }));
}

/**
 * Divides N·K support examples among N classes: one each, the others one by one at random, so that K + 1 shots only add to what K shots gave.
 *
 * @param room how many examples each class can give, at least K
 */
function allot(random: Rng, room: readonly number[], shots: number, imbalance: number): number[] {
  const weights = room.map(() => Math.exp(random.uniform(-imbalance, imbalance)));
  const counts = room.map(() => 1);
  for (let given = room.length; given < room.length * shots; given++) {
    const open = weights.map((weight, n) => counts[n] < room[n] ? weight : 0);
    let left = random.uniform(0, open.reduce((sum, weight) => sum + weight, 0));
    let taker = open.findLastIndex((weight) => weight > 0);
    for (let n = 0; n < taker; n++) {
      left -= open[n];
      if (left < 0) taker = n;
    }
    counts[taker]++;
  }
  return counts;
}

/**
 * Divides the classes into N-way tasks at random, each class into one task at most. Hierarchical tasks divide each group.
 *
 * @returns floor(C / N) tasks of N positions in the roster, or that many per group
 */
export function partition(random: Rng, { classes, groups }: Roster, ways: number): readonly number[][] {
  if (groups === undefined) return inTasks(random.permutation(classes.length), ways);
  const tasks = groups.flatMap((group) =>
    inTasks(random.permutation(group.length), ways).map((task) => task.map((position) => group[position]))
  );
  return random.permutation(tasks.length).map((position) => tasks[position]);
}

function inTasks(order: readonly number[], ways: number): number[][] {
  return Array.from({ length: Math.floor(order.length / ways) }, (_, p) => order.slice(p * ways, (p + 1) * ways));
}
