/** Where the native binding of the `tensorflow` backend lies. */

/** The folder that `deno task setup:tensorflow` fills. */
export const buildFolder: URL = new URL("./build/", import.meta.url);

/** The binding that `deno task setup:tensorflow` builds. */
export const builtBinding: URL = new URL("tfjs_binding.node", buildFolder);

/** Where the npm package's own installer leaves its binding. */
function installedBinding(): URL | undefined {
  const resolved = import.meta.resolve("@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
  return resolved.startsWith("file:") ? new URL(resolved) : undefined;
}

function isFile(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch (error) {
    // What may not be looked at may not be loaded either.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** The binding to load: the one built here, else the one that the package's installer left; undefined when there is neither. */
export function findBinding(): URL | undefined {
  return [builtBinding, installedBinding()].find((url) => url !== undefined && isFile(url));
}
