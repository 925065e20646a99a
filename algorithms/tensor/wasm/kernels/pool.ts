// Windows of pooling, which lie side by side without padding. Pointers are bytes; images are [B, H, W, C], and four channels are looked at together.

/** Places in a window and the distance between its rows, in bytes. */
let window: i32 = 0;
let pixelBytes: usize = 0;
let rowBytes: usize = 0;

/** Words at p: destination [B, H', W', C], values and keys [B, H, W, C], their shape, side of a window. */
export function takeMax(p: usize): void {
  let out: usize = load<u32>(p);
  const values: usize = load<u32>(p, 4), keys: usize = load<u32>(p, 8);
  const batch = <i32>load<u32>(p, 12), height = <i32>load<u32>(p, 16), width = <i32>load<u32>(p, 20);
  prepare(p, width);
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row + window <= height; row += window) {
      for (let column = 0; column + window <= width; column += window) {
        const corner = <usize>((b * height + row) * width + column) * pixelBytes;
        takeAt(out, values + corner, keys + corner);
        out += pixelBytes;
      }
    }
  }
}

/** Words at p: destination [B, H, W, C], source [B, H', W', C], keys [B, H, W, C], their shape, side of a window. */
export function putMax(p: usize): void {
  const out: usize = load<u32>(p), keys: usize = load<u32>(p, 8);
  let source: usize = load<u32>(p, 4);
  const batch = <i32>load<u32>(p, 12), height = <i32>load<u32>(p, 16), width = <i32>load<u32>(p, 20);
  prepare(p, width);
  memory.fill(out, 0, <usize>(batch * height * width) * pixelBytes);
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row + window <= height; row += window) {
      for (let column = 0; column + window <= width; column += window) {
        const corner = <usize>((b * height + row) * width + column) * pixelBytes;
        putAt(out + corner, source, keys + corner);
        source += pixelBytes;
      }
    }
  }
}

function prepare(p: usize, width: i32): void {
  pixelBytes = <usize>load<u32>(p, 24) << 2;
  window = <i32>load<u32>(p, 28);
  rowBytes = <usize>width * pixelBytes;
}

/** One window of all channels: the values where the keys are largest. */
function takeAt(out: usize, values: usize, keys: usize): void {
  const whole = pixelBytes & ~15;
  for (let c: usize = 0; c < whole; c += 16) {
    let largest = v128.load(keys + c), taken = v128.load(values + c);
    for (let ky = 0; ky < window; ky++) {
      for (let kx = 0; kx < window; kx++) {
        const at = <usize>ky * rowBytes + <usize>kx * pixelBytes + c;
        const key = v128.load(keys + at);
        const better = v128.or(f32x4.gt(key, largest), f32x4.ne(key, key));
        largest = v128.bitselect(key, largest, better);
        taken = v128.bitselect(v128.load(values + at), taken, better);
      }
    }
    v128.store(out + c, taken);
  }
  for (let c: usize = whole; c < pixelBytes; c += 4) store<f32>(out + c, load<f32>(values + largestAt(keys + c) + c));
}

/** One window of all channels: the source where the keys are largest. */
function putAt(out: usize, source: usize, keys: usize): void {
  const whole = pixelBytes & ~15;
  const places = window * window;
  for (let c: usize = 0; c < whole; c += 16) {
    let largest = v128.load(keys + c), chosen = i32x4.splat(0);
    for (let ky = 0, place = 0; ky < window; ky++) {
      for (let kx = 0; kx < window; kx++, place++) {
        const key = v128.load(keys + <usize>ky * rowBytes + <usize>kx * pixelBytes + c);
        const better = v128.or(f32x4.gt(key, largest), f32x4.ne(key, key));
        largest = v128.bitselect(key, largest, better);
        chosen = v128.bitselect(i32x4.splat(place), chosen, better);
      }
    }
    const put = v128.load(source + c);
    for (let ky = 0, place = 0; place < places; ky++) {
      for (let kx = 0; kx < window; kx++, place++) {
        const here = i32x4.eq(chosen, i32x4.splat(place));
        v128.store(out + <usize>ky * rowBytes + <usize>kx * pixelBytes + c, v128.and(put, here));
      }
    }
  }
  for (let c: usize = whole; c < pixelBytes; c += 4) store<f32>(out + largestAt(keys + c) + c, load<f32>(source + c));
}

/** Bytes from the window's corner to its largest key in one channel. */
function largestAt(keys: usize): usize {
  let found: usize = 0, largest = load<f32>(keys);
  for (let ky = 0; ky < window; ky++) {
    for (let kx = 0; kx < window; kx++) {
      const at = <usize>ky * rowBytes + <usize>kx * pixelBytes;
      const key = load<f32>(keys + at);
      if (key > largest || key != key) found = at, largest = key;
    }
  }
  return found;
}
