// Transcendental functions, row maxima and strided copies; other elementwise operations and sums are generated loops. Pointers are bytes, counts are elements, strides are elements.

// @ts-ignore: decorator
@inline
const LN2_HI: f32 = 0.693359375;
// @ts-ignore: decorator
@inline
const LN2_LO: f32 = -2.12194440e-4;

/** e^x on four lanes: range reduction by ln 2 in two parts, degree-5 polynomial (Cephes expf), about 1 ulp. */
// @ts-ignore: decorator
@inline
function exp4(x: v128): v128 {
  // What is not a number passes these bounds, and is put back at the end.
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(88.72283));
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
  const ki = i32x4.relaxed_trunc_f32x4_s(k);
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

/** dst[i] = e^src[i] */
export function exp(dst: usize, src: usize, n: usize): void {
  const bytes = n << 2;
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) v128.store(dst + i, exp4(v128.load(src + i)));
  for (let i: usize = whole; i < bytes; i += 4) store<f32>(dst + i, f32x4.extract_lane(exp4(v128.load32_splat(src + i)), 0));
}

/** dst[i] = ln src[i] */
export function log(dst: usize, src: usize, n: usize): void {
  for (let i: usize = 0; i < n << 2; i += 4) store<f32>(dst + i, <f32>NativeMath.log(<f64>load<f32>(src + i)));
}

/** dst[i] = tanh src[i] */
export function tanh(dst: usize, src: usize, n: usize): void {
  for (let i: usize = 0; i < n << 2; i += 4) store<f32>(dst + i, <f32>NativeMath.tanh(<f64>load<f32>(src + i)));
}

export function fill(dst: usize, n: usize, value: f32): void {
  for (let i: usize = 0; i < n; i++) store<f32>(dst + (i << 2), value);
}

/** dst[r] = max over n of src[r, n]. */
export function maxLast(dst: usize, src: usize, rows: usize, n: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const end = src + (n << 2);
    let largest = load<f32>(src);
    if (n >= 16) {
      // The largest does not depend on the order, so that four vectors may be compared at once.
      let m0 = v128.load(src), m1 = v128.load(src, 16), m2 = v128.load(src, 32), m3 = v128.load(src, 48);
      for (src += 64; src + 64 <= end; src += 64) {
        m0 = f32x4.max(m0, v128.load(src));
        m1 = f32x4.max(m1, v128.load(src, 16));
        m2 = f32x4.max(m2, v128.load(src, 32));
        m3 = f32x4.max(m3, v128.load(src, 48));
      }
      const m = f32x4.max(f32x4.max(m0, m1), f32x4.max(m2, m3));
      largest = max(
        max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
        max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
      );
    }
    for (; src < end; src += 4) largest = max(largest, load<f32>(src));
    store<f32>(dst, largest);
    dst += 4;
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
