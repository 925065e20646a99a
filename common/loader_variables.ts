/** What keeps Deno from starting other processes on machines with a GPU and on clusters. */

/**
 * Variables of the dynamic loader, emptied. Deno starts no process with one of them set unless it may start any program,
 * and environment modules and images of GPUs set them; every process of this project is started with these instead.
 */
export const NO_LOADER_VARIABLES: Readonly<Record<string, string>> = {
  LD_LIBRARY_PATH: "",
  LD_PRELOAD: "",
  LD_RUN_PATH: "",
  LD_AUDIT: "",
  DYLD_LIBRARY_PATH: "",
  DYLD_FALLBACK_LIBRARY_PATH: "",
  DYLD_FRAMEWORK_PATH: "",
  DYLD_INSERT_LIBRARIES: "",
};
