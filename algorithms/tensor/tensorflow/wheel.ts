/** Gets the TensorFlow libraries out of a wheel of the Python package. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import yauzl from "yauzl";

/** Which build of TensorFlow. */
export interface Release {
  readonly version: string;
  /** With CUDA, for NVIDIA GPUs. */
  readonly gpu: boolean;
}

/** The files of the wheels that the backend needs: libraries, the C API's headers and what those include. */
const NEEDED = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/include\/(tensorflow\/(c|core\/platform)|tsl|xla\/tsl)\/.*\.h$/,
  /^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/,
];

/**
 * The arguments of `pip download` for a release. Only the C++ libraries are used, so the wheel need not fit the Python that is
 * installed: the request names one Python version for all.
 *
 * @param folder where pip puts the wheels
 */
export function pipArguments({ version, gpu }: Release, folder: string): string[] {
  const packages = gpu ? [`tensorflow[and-cuda]==${version}`] : ["--no-deps", `tensorflow-cpu==${version}`];
  const target = ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"];
  const platforms = ["manylinux_2_27_x86_64", "manylinux2014_x86_64"].flatMap((name) => ["--platform", name]);
  return ["-m", "pip", "download", "--only-binary=:all:", ...target, ...platforms, "--dest", folder, ...packages];
}

/**
 * Unpacks what the backend needs.
 *
 * @param wheel path of a wheel
 * @param folder where `tensorflow/` (and `nvidia/`) are put
 * @returns how many files were unpacked
 * @throws Error when the file is no zip archive
 */
export async function unpackWheel(wheel: string, folder: URL): Promise<number> {
  const zip = await yauzl.openPromise(wheel);
  let files = 0;
  for await (const entry of zip.eachEntry()) {
    // yauzl refuses names that lead outside, such as `../` and absolute ones.
    if (!NEEDED.some((pattern) => pattern.test(entry.fileName))) continue;
    const target = new URL(entry.fileName, folder);
    await Deno.mkdir(new URL(".", target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(fileURLToPath(target)));
    files++;
  }
  return files;
}
