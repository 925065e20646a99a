/** Compiles the binding between JavaScript and TensorFlow's C API that npm:@tensorflow/tfjs-node-gpu ships as source. */
import { fileURLToPath } from "node:url";
import headers from "node-api-headers";

/** The compiler's command. */
export const COMPILER = "g++";

/**
 * The arguments of each run of the compiler, in order: the package's binding with our sessions, and the loader that Deno loads.
 *
 * @param folder holds the unpacked `tensorflow/`; gets `tfjs_kernels.so` and `tfjs_binding.node`
 */
export function compilations(folder: URL): string[][] {
  const at = (path: string, base: string | URL = folder) => fileURLToPath(new URL(path, base));
  const npmPackage = import.meta.resolve("@tensorflow/tfjs-node-gpu/package.json");
  const common = ["-shared", "-fPIC", "-O2", "-std=c++17", "-w", "-DNAPI_VERSION=8", "-I", headers.include_dir];
  return [
    [
      ...common,
      ...["-I", at("tensorflow/include"), "-I", at(".", npmPackage)],
      ...[at("binding/tfjs_backend.cc", npmPackage), at("binding/tfjs_binding.cc", npmPackage)],
      at("session.cc", import.meta.url),
      ...["-o", at("tfjs_kernels.so"), "-L", at("tensorflow")],
      ...["-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2", "-Wl,-rpath,$ORIGIN/tensorflow"],
    ],
    [...common, at("loader.cc", import.meta.url), "-o", at("tfjs_binding.node"), "-ldl"],
  ];
}
