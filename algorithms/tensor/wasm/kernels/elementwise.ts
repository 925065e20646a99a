// Elementwise kernels, reductions and strided copies. Pointers are bytes, counts are elements, strides are elements.

// @ts-ignore: decorator
@inline
const LN2_HI: f32 = 0.693359375;
// @ts-ignore: decorator
@inline
const LN2_LO: f32 = -2.12194440e-4;

/** e^x on four lanes: range reduction by ln 2 in two parts, degree-5 polynomial (Cephes expf), about 1 ulp. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const clamped = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(88.72283));
  const k = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(clamped, f32x4.mul(k, f32x4.splat(LN2_HI)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LO)));
  let y = f32x4.splat(1.9875691500e-4);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, r), r), r), f32x4.splat(1));
  // 2^k in two factors, so that k = 128 and denormal results stay in range.
  const ki = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(ki, 1);
  const one = i32x4.splat(127);
  const a = i32x4.shl(i32x4.add(half, one), 23);
  const b = i32x4.shl(i32x4.add(i32x4.sub(ki, half), one), 23);
  const scaled = f32x4.mul(f32x4.mul(y, a), b);
  const overflow = f32x4.gt(x, f32x4.splat(88.72283));
  const underflow = f32x4.lt(x, f32x4.splat(-103.97208));
  let result = v128.bitselect(f32x4.splat(f32.MAX_VALUE * 2), scaled, overflow);
  result = v128.andnot(result, underflow);
  return v128.bitselect(x, result, f32x4.ne(x, x)); // NaN stays NaN
}

// @ts-ignore: decorator
@inline
function unary4(kind: i32, x: v128, p: v128): v128 {
  switch (kind) {
    case 0:
      return f32x4.mul(x, p);
    case 1:
      return f32x4.add(x, p);
    case 2:
      return exp4(x);
    case 4:
      return f32x4.sqrt(x);
    case 6:
      return f32x4.max(x, f32x4.splat(0));
    default:
      return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
  }
}

// @ts-ignore: decorator
@inline
function unaryLoop(kind: i32, dst: usize, src: usize, n: usize, param: f32): void {
  const p = f32x4.splat(param);
  const bytes = n << 2;
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) v128.store(dst + i, unary4(kind, v128.load(src + i), p));
  for (let i: usize = whole; i < bytes; i += 4) {
    store<f32>(dst + i, f32x4.extract_lane(unary4(kind, v128.load32_splat(src + i), p), 0));
  }
}

/** dst[i] = f(src[i]): 0 scale, 1 offset, 2 exp, 3 log, 4 sqrt, 5 tanh, 6 relu, 7 step. */
export function unary(kind: i32, dst: usize, src: usize, n: usize, param: f32): void {
  switch (kind) {
    case 0:
      return unaryLoop(0, dst, src, n, param);
    case 1:
      return unaryLoop(1, dst, src, n, param);
    case 2:
      return unaryLoop(2, dst, src, n, param);
    case 3:
      for (let i: usize = 0; i < n; i++) {
        store<f32>(dst + (i << 2), <f32>NativeMath.log(<f64>load<f32>(src + (i << 2))));
      }
      return;
    case 4:
      return unaryLoop(4, dst, src, n, param);
    case 5:
      for (let i: usize = 0; i < n; i++) {
        store<f32>(dst + (i << 2), <f32>NativeMath.tanh(<f64>load<f32>(src + (i << 2))));
      }
      return;
    case 6:
      return unaryLoop(6, dst, src, n, param);
    default:
      return unaryLoop(7, dst, src, n, param);
  }
}

// @ts-ignore: decorator
@inline
function binary4(kind: i32, a: v128, b: v128): v128 {
  switch (kind) {
    case 0:
      return f32x4.add(a, b);
    case 1:
      return f32x4.sub(a, b);
    case 2:
      return f32x4.mul(a, b);
    case 3:
      return f32x4.div(a, b);
    case 4:
      return f32x4.max(a, b);
    default:
      return f32x4.min(a, b);
  }
}

/** One run of n elements; an operand advances by one element (inner stride 1) or stays (0). */
// @ts-ignore: decorator
@inline
function binaryRow(kind: i32, dst: usize, a: usize, b: usize, n: usize, stepA: usize, stepB: usize): void {
  const bytes = n << 2;
  const whole = bytes & ~15;
  if (stepA != 0 && stepB != 0) {
    for (let i: usize = 0; i < whole; i += 16) {
      v128.store(dst + i, binary4(kind, v128.load(a + i), v128.load(b + i)));
    }
  } else if (stepA != 0) {
    const right = v128.load32_splat(b);
    for (let i: usize = 0; i < whole; i += 16) v128.store(dst + i, binary4(kind, v128.load(a + i), right));
  } else {
    const left = v128.load32_splat(a);
    for (let i: usize = 0; i < whole; i += 16) v128.store(dst + i, binary4(kind, left, v128.load(b + i)));
  }
  for (let i: usize = whole; i < bytes; i += 4) {
    const x = v128.load32_splat(stepA != 0 ? a + i : a);
    const y = v128.load32_splat(stepB != 0 ? b + i : b);
    store<f32>(dst + i, f32x4.extract_lane(binary4(kind, x, y), 0));
  }
}

/** dst[i] = f(a[i], b[i]): 0 add, 1 sub, 2 mul, 3 div, 4 maximum, 5 minimum. */
export function binary(kind: i32, dst: usize, a: usize, b: usize, n: usize): void {
  switch (kind) {
    case 0:
      return binaryRow(0, dst, a, b, n, 1, 1);
    case 1:
      return binaryRow(1, dst, a, b, n, 1, 1);
    case 2:
      return binaryRow(2, dst, a, b, n, 1, 1);
    case 3:
      return binaryRow(3, dst, a, b, n, 1, 1);
    case 4:
      return binaryRow(4, dst, a, b, n, 1, 1);
    default:
      return binaryRow(5, dst, a, b, n, 1, 1);
  }
}

// @ts-ignore: decorator
@inline
function stridedLoop(kind: i32, dst: usize, a: usize, b: usize, p: usize): void {
  const d0 = <usize>load<u32>(p), d1 = <usize>load<u32>(p + 4), d2 = <usize>load<u32>(p + 8), d3 = <usize>load<u32>(p + 12);
  const a0 = <usize>load<u32>(p + 16) << 2, a1 = <usize>load<u32>(p + 20) << 2, a2 = <usize>load<u32>(p + 24) << 2;
  const a3 = <usize>load<u32>(p + 28);
  const b0 = <usize>load<u32>(p + 32) << 2, b1 = <usize>load<u32>(p + 36) << 2, b2 = <usize>load<u32>(p + 40) << 2;
  const b3 = <usize>load<u32>(p + 44);
  const row = d3 << 2;
  for (let i: usize = 0; i < d0; i++) {
    for (let j: usize = 0; j < d1; j++) {
      let left = a + i * a0 + j * a1;
      let right = b + i * b0 + j * b1;
      for (let k: usize = 0; k < d2; k++) {
        binaryRow(kind, dst, left, right, d3, a3, b3);
        dst += row;
        left += a2;
        right += b2;
      }
    }
  }
}

/** As `binary`, over four extents with strides for a and b at p: d0-d3, a0-a3, b0-b3. Not both inner strides are 0. */
export function binaryStrided(kind: i32, dst: usize, a: usize, b: usize, p: usize): void {
  switch (kind) {
    case 0:
      return stridedLoop(0, dst, a, b, p);
    case 1:
      return stridedLoop(1, dst, a, b, p);
    case 2:
      return stridedLoop(2, dst, a, b, p);
    case 3:
      return stridedLoop(3, dst, a, b, p);
    case 4:
      return stridedLoop(4, dst, a, b, p);
    default:
      return stridedLoop(5, dst, a, b, p);
  }
}

export function fill(dst: usize, n: usize, value: f32): void {
  for (let i: usize = 0; i < n; i++) store<f32>(dst + (i << 2), value);
}

// @ts-ignore: decorator
@inline
export function total4(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** dst[o, i] = Σ_r src[o, r, i]. */
export function sum(dst: usize, src: usize, outer: usize, reduced: usize, inner: usize): void {
  if (inner == 1) {
    const bytes = reduced << 2;
    const whole = bytes & ~15;
    for (let o: usize = 0; o < outer; o++) {
      let lanes = f32x4.splat(0);
      for (let r: usize = 0; r < whole; r += 16) lanes = f32x4.add(lanes, v128.load(src + r));
      let total = total4(lanes);
      for (let r: usize = whole; r < bytes; r += 4) total += load<f32>(src + r);
      store<f32>(dst, total);
      dst += 4;
      src += bytes;
    }
    return;
  }
  const bytes = inner << 2;
  const whole = bytes & ~15;
  for (let o: usize = 0; o < outer; o++) {
    memory.copy(dst, src, bytes);
    src += bytes;
    for (let r: usize = 1; r < reduced; r++) {
      for (let i: usize = 0; i < whole; i += 16) {
        v128.store(dst + i, f32x4.add(v128.load(dst + i), v128.load(src + i)));
      }
      for (let i: usize = whole; i < bytes; i += 4) store<f32>(dst + i, load<f32>(dst + i) + load<f32>(src + i));
      src += bytes;
    }
    dst += bytes;
  }
}

/** dst[r] = max over n of src[r, n]. */
export function maxLast(dst: usize, src: usize, rows: usize, n: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let largest = load<f32>(src);
    for (let i: usize = 1; i < n; i++) largest = max(largest, load<f32>(src + (i << 2)));
    store<f32>(dst, largest);
    dst += 4;
    src += n << 2;
  }
}

/** dst (row-major over d0-d3 at p) = src read with strides s0-s3 (at p + 16). */
export function stridedCopy(dst: usize, src: usize, p: usize): void {
  const d0 = <usize>load<u32>(p), d1 = <usize>load<u32>(p + 4), d2 = <usize>load<u32>(p + 8), d3 = <usize>load<u32>(p + 12);
  const s0 = <usize>load<u32>(p + 16) << 2, s1 = <usize>load<u32>(p + 20) << 2, s2 = <usize>load<u32>(p + 24) << 2;
  const s3 = <usize>load<u32>(p + 28) << 2;
  const row = d3 << 2;
  for (let i: usize = 0; i < d0; i++) {
    for (let j: usize = 0; j < d1; j++) {
      for (let k: usize = 0; k < d2; k++) {
        const from = src + i * s0 + j * s1 + k * s2;
        if (s3 == 4) memory.copy(dst, from, row);
        else for (let l: usize = 0; l < d3; l++) store<f32>(dst + (l << 2), load<f32>(from + l * s3));
        dst += row;
      }
    }
  }
}
