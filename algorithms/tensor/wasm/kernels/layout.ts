// Patches of convolutions and rows of tables. Pointers are bytes, counts are elements.

/** Geometry at p + 8: batch, height, width, channels, rows, columns, kernel, stride, top, left. */
// @ts-ignore: decorator
@inline
function patches(p: usize, image: usize, patch: usize, gather: bool): void {
  const batch = <i32>load<u32>(p + 8), height = <i32>load<u32>(p + 12), width = <i32>load<u32>(p + 16);
  const channels = <i32>load<u32>(p + 20), rows = <i32>load<u32>(p + 24), columns = <i32>load<u32>(p + 28);
  const kernel = <i32>load<u32>(p + 32), stride = <i32>load<u32>(p + 36), top = <i32>load<u32>(p + 40), left = <i32>load<u32>(p + 44);
  const bytes = <usize>channels << 2;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let ky = 0; ky < kernel; ky++) {
          const y = row * stride + ky - top;
          for (let kx = 0; kx < kernel; kx++) {
            const x = column * stride + kx - left;
            if (y >= 0 && y < height && x >= 0 && x < width) {
              const pixel = image + <usize>((b * height + y) * width + x) * bytes;
              if (gather) copyChannels(patch, pixel, bytes);
              else addChannels(pixel, patch, bytes);
            } else if (gather) {
              memory.fill(patch, 0, bytes);
            }
            patch += bytes;
          }
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function copyChannels(dst: usize, src: usize, bytes: usize): void {
  if (bytes == 4) store<f32>(dst, load<f32>(src));
  else memory.copy(dst, src, bytes);
}

// @ts-ignore: decorator
@inline
function addChannels(dst: usize, src: usize, bytes: usize): void {
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(dst + i, f32x4.add(v128.load(dst + i), v128.load(src + i)));
  }
  for (let i: usize = whole; i < bytes; i += 4) store<f32>(dst + i, load<f32>(dst + i) + load<f32>(src + i));
}

/** Words at p: destination (patches), source (images), geometry. */
export function im2col(p: usize): void {
  patches(p, load<u32>(p + 4), load<u32>(p), true);
}

/** Words at p: destination (images), source (patches), geometry. */
export function col2im(p: usize): void {
  const pixels = load<u32>(p + 8) * load<u32>(p + 12) * load<u32>(p + 16) * load<u32>(p + 20);
  memory.fill(load<u32>(p), 0, <usize>pixels << 2);
  patches(p, load<u32>(p), load<u32>(p + 4), false);
}

/** dst[t] = table[indices[t]], rows of `length` elements; an index outside [0, size) traps. */
export function takeRows(dst: usize, table: usize, indices: usize, count: usize, length: usize): void {
  for (let t: usize = 0; t < count; t++) {
    memory.copy(dst + t * (length << 2), table + <usize>load<f32>(indices + (t << 2)) * (length << 2), length << 2);
  }
}

/** table[indices[t]] = src[t]. */
export function putRows(table: usize, src: usize, indices: usize, count: usize, length: usize): void {
  for (let t: usize = 0; t < count; t++) {
    memory.copy(table + <usize>load<f32>(indices + (t << 2)) * (length << 2), src + t * (length << 2), length << 2);
  }
}

/** Clears the table of `size` elements, then table[indices[t]] += src[t] for every row of `length` elements. */
export function addRows(table: usize, src: usize, indices: usize, count: usize, length: usize, size: usize): void {
  memory.fill(table, 0, size << 2);
  for (let t: usize = 0; t < count; t++) {
    const row = table + <usize>load<f32>(indices + (t << 2)) * (length << 2);
    const from = src + t * (length << 2);
    for (let i: usize = 0; i < length; i++) {
      store<f32>(row + (i << 2), load<f32>(row + (i << 2)) + load<f32>(from + (i << 2)));
    }
  }
}
