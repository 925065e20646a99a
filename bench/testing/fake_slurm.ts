/** Slurm's commands as shell scripts that behave as some clusters do. Nothing that is submitted to them runs. */
import { Subprocess } from "../../common/subprocess.ts";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";

/** How a fake cluster differs from one that was just installed; each is a file in its folder, so that it may change between two commands. */
export const HABITS = {
  /** Greets whoever uses its commands, before and after what they print. */
  banners: "banners",
  /** Its partitions are hidden: squeue shows their jobs with --all only. */
  hidden: "hidden",
  /** Its sbatch prints no id. */
  silent: "silent",
  /** Its sbatch queues the job and then fails, as one does whose controller answers too late. */
  late: "late",
  /** Its squeue does not answer. */
  down: "down",
  /** Its squeue looks elsewhere. */
  blind: "blind",
  /** Its scancel ends nothing. */
  deaf: "deaf",
} as const;

const HEAD = (folder: string) =>
  `#!/bin/sh
cd '${folder}' || exit 9
greet() { if [ -e banners ]; then printf '%s\\n' '*** Welcome to node 1, 2026 | 12 users | load 0.3 ***' '12 nodes are down'; fi; }
greet
`;

const SCRIPTS = {
  sbatch: `
for word in "$@"; do
  case $word in
    --job-name=*) name=\${word#*=} ;;
    --array=*) tasks=\${word#*=0-} ;;
    --output=*) output=\${word#*=} ;;
  esac
done
cat >/dev/null
id=$(($(ls jobs | wc -l) + 41))
echo "PENDING $name \${tasks:-N/A} $output" >"jobs/$id"
if [ -e late ]; then echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1; fi
if [ ! -e silent ]; then echo "$id"; fi
greet`,
  squeue: `
if [ -e down ]; then echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1; fi
all= names=
for word in "$@"; do
  case $word in --all) all=1 ;; --name=*) names=,\${word#*=}, ;; esac
done
if [ -e hidden ] && [ -z "$all" ] || [ -e blind ] || [ -n "\${SQUEUE_PARTITION+x}" ]; then exit 0; fi
for id in $(ls jobs); do
  read -r state name tasks output <"jobs/$id"
  case $names in *,$name,*) ;; *) continue ;; esac
  case $tasks in
    N/A) echo "$id|N/A|$state|$name|Dependency" ;;
    *) for task in $(seq 0 "\${tasks%\\%*}"); do echo "$id|$task|$state|$name|Priority"; done ;;
  esac
done
greet`,
  scancel: `
if [ -e deaf ]; then exit 0; fi
for id in "$@"; do sed -i 's/^[A-Z]*/CANCELLED/' "jobs/$id"; done`,
} as const;

/** A cluster of habits. */
export class FakeSlurm {
  readonly #folder: string;

  /** @param folder that does not exist yet */
  constructor(folder: string) {
    this.#folder = folder;
    Deno.mkdirSync(join(folder, "jobs"), { recursive: true });
    Deno.mkdirSync(join(folder, "bin"));
    for (const [name, script] of Object.entries(SCRIPTS)) {
      Deno.writeTextFileSync(join(folder, "bin", name), HEAD(folder) + script + "\n", { mode: 0o755 });
    }
  }

  take(habit: keyof typeof HABITS): void {
    Deno.writeTextFileSync(join(this.#folder, HABITS[habit]), "");
  }

  drop(habit: keyof typeof HABITS): void {
    Deno.removeSync(join(this.#folder, HABITS[habit]));
  }

  /** Per job, in the order in which they were submitted, its state, its tasks and where its output goes. */
  jobs(): { readonly state: string; readonly tasks: string; readonly output: string }[] {
    const folder = join(this.#folder, "jobs");
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort().map((name) => {
      const [state, , tasks, ...output] = Deno.readTextFileSync(join(folder, name)).trim().split(" ");
      return { state, tasks, output: output.join(" ") };
    });
  }

  /** Gives a job another state. */
  set(job: string, state: string): void {
    const path = join(this.#folder, "jobs", job);
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(/^\S+/, state));
  }

  /** Runs a task of the project with this cluster's commands first on the PATH. */
  async run(
    task: "bench" | "status",
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const { code, stdout, stderr } = await Subprocess.deno({
      args: ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, `-P=${task}`].concat([
        join(PROJECT_ROOT, "bench", "commands", `${task}.ts`),
        ...args,
      ]),
      cwd: PROJECT_ROOT,
      env: { ...env, PATH: `${join(this.#folder, "bin")}:${Deno.env.get("PATH")}` },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, out: text.decode(stdout), err: text.decode(stderr) };
  }
}
