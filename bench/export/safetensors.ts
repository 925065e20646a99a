/**
 * Named float32 tensors as one safetensors file: the length of a header (8 bytes, little endian), the header as JSON (per tensor its type, shape and
 * place; texts about all of them under `__metadata__`), and the values one after the other.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 */

/** A tensor, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Texts about a file, by name. */
export type Metadata = Readonly<Record<string, string>>;

const LENGTH_BYTES = 8;
/** Values begin at a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 8;

/** The file's bytes; tensors are in the order of their names. @throws RangeError where a shape has another number of values */
export function encodeSafetensors(tensors: Readonly<Record<string, NamedTensor>>, metadata: Metadata): Uint8Array {
  const names = Object.keys(tensors).sort();
  let end = 0;
  const places = names.map((name) => {
    const { shape, values } = tensors[name];
    if (shape.reduce((product, extent) => product * extent, 1) !== values.length) {
      throw new RangeError(`internal: ${name} has ${values.length} values, which is not [${shape.join(", ")}]`);
    }
    const begin = end;
    end += 4 * values.length;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(places) });
  const unpadded = new TextEncoder().encode(json);
  const length = Math.ceil((LENGTH_BYTES + unpadded.length) / ALIGNMENT) * ALIGNMENT - LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(" ".charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + length);
  bytes.set(unpadded, LENGTH_BYTES);
  for (const [name, { data_offsets: [begin] }] of places) {
    tensors[name].values.forEach((value, i) => view.setFloat32(LENGTH_BYTES + length + begin + 4 * i, value, true));
  }
  return bytes;
}
