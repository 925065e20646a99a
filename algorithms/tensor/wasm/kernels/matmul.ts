// Batched matrix product in 6 x 8 register blocks with relaxed multiply-adds.
// The right operand is read in panels of 8 columns; it is packed when it is transposed, large, or has a ragged last panel.

/** Depth of a block: a panel of KC x 8 floats (8 KiB) stays in the first-level cache. */
// @ts-ignore: decorator
@inline
const KC: usize = 256;
/** Rows of a block of the left operand that are revisited for every panel. */
// @ts-ignore: decorator
@inline
const MC: usize = 96;
/** Elements up to which an untransposed right operand is read in place. */
// @ts-ignore: decorator
@inline
const DIRECT: usize = 8192;

/** Rows of the left operand up to which packing the right one costs more than it saves. */
// @ts-ignore: decorator
@inline
const FEW_ROWS: usize = 12;

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** C[6, 8] (+)= A[6, k] B[k, 8]: a advances by ai per row and ak per depth, b by bk per depth, c by ci per row (bytes). */
function block6(a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  const a3 = 3 * ai;
  let low = a, high = a + a3;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(low);
    c00 = madd(x, b0, c00), c01 = madd(x, b1, c01);
    x = v128.load32_splat(low + ai);
    c10 = madd(x, b0, c10), c11 = madd(x, b1, c11);
    x = v128.load32_splat(low + 2 * ai);
    c20 = madd(x, b0, c20), c21 = madd(x, b1, c21);
    x = v128.load32_splat(high);
    c30 = madd(x, b0, c30), c31 = madd(x, b1, c31);
    x = v128.load32_splat(high + ai);
    c40 = madd(x, b0, c40), c41 = madd(x, b1, c41);
    x = v128.load32_splat(high + 2 * ai);
    c50 = madd(x, b0, c50), c51 = madd(x, b1, c51);
    low += ak, high += ak, b += bk;
  }
  put(c, c00, c01, add);
  put(c + ci, c10, c11, add);
  put(c + 2 * ci, c20, c21, add);
  put(c + 3 * ci, c30, c31, add);
  put(c + 4 * ci, c40, c41, add);
  put(c + 5 * ci, c50, c51, add);
}

/** As block6 for five rows. */
function block5(a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00;
  let high = a + 3 * ai;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00), c01 = madd(x, b1, c01);
    x = v128.load32_splat(a + ai);
    c10 = madd(x, b0, c10), c11 = madd(x, b1, c11);
    x = v128.load32_splat(a + 2 * ai);
    c20 = madd(x, b0, c20), c21 = madd(x, b1, c21);
    x = v128.load32_splat(high);
    c30 = madd(x, b0, c30), c31 = madd(x, b1, c31);
    x = v128.load32_splat(high + ai);
    c40 = madd(x, b0, c40), c41 = madd(x, b1, c41);
    a += ak, high += ak, b += bk;
  }
  put(c, c00, c01, add);
  put(c + ci, c10, c11, add);
  put(c + 2 * ci, c20, c21, add);
  put(c + 3 * ci, c30, c31, add);
  put(c + 4 * ci, c40, c41, add);
}

/** As block6 for four rows. */
function block4(a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let high = a + 2 * ai;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00), c01 = madd(x, b1, c01);
    x = v128.load32_splat(a + ai);
    c10 = madd(x, b0, c10), c11 = madd(x, b1, c11);
    x = v128.load32_splat(high);
    c20 = madd(x, b0, c20), c21 = madd(x, b1, c21);
    x = v128.load32_splat(high + ai);
    c30 = madd(x, b0, c30), c31 = madd(x, b1, c31);
    a += ak, high += ak, b += bk;
  }
  put(c, c00, c01, add);
  put(c + ci, c10, c11, add);
  put(c + 2 * ci, c20, c21, add);
  put(c + 3 * ci, c30, c31, add);
}

/** As block6 for three rows. */
function block3(a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00), c01 = madd(x, b1, c01);
    x = v128.load32_splat(a + ai);
    c10 = madd(x, b0, c10), c11 = madd(x, b1, c11);
    x = v128.load32_splat(a + 2 * ai);
    c20 = madd(x, b0, c20), c21 = madd(x, b1, c21);
    a += ak, b += bk;
  }
  put(c, c00, c01, add);
  put(c + ci, c10, c11, add);
  put(c + 2 * ci, c20, c21, add);
}

/** As block6 for two rows. */
function block2(a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00), c01 = madd(x, b1, c01);
    x = v128.load32_splat(a + ai);
    c10 = madd(x, b0, c10), c11 = madd(x, b1, c11);
    a += ak, b += bk;
  }
  put(c, c00, c01, add);
  put(c + ci, c10, c11, add);
}

/** As block6 for one row. */
function block1(a: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00;
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    c00 = madd(x, v128.load(b), c00), c01 = madd(x, v128.load(b, 16), c01);
    a += ak, b += bk;
  }
  put(c, c00, c01, add);
}

// @ts-ignore: decorator
@inline
function put(c: usize, x: v128, y: v128, add: bool): void {
  if (add) {
    x = f32x4.add(x, v128.load(c));
    y = f32x4.add(y, v128.load(c, 16));
  }
  v128.store(c, x);
  v128.store(c, y, 16);
}

/**
 * Rows [0, m) of one panel of 8 columns. Fewer than four rows leave the multiply-adds waiting for each other, so a remainder borrows
 * rows from the last blocks of six: 6 + 1 is 4 + 3, 6 + 2 is 4 + 4, 6 + 3 is 5 + 4, 6 + 6 + 1 is 5 + 4 + 4.
 */
export function panel(m: usize, a: usize, ai: usize, ak: usize, b: usize, bk: usize, k: usize, c: usize, ci: usize, add: bool): void {
  let sixes = m / 6;
  let rest = m - 6 * sixes;
  const lend: usize = rest == 0 || rest > 3 ? 0 : rest == 1 ? min<usize>(sixes, 2) : min<usize>(sixes, 1);
  sixes -= lend, rest += 6 * lend;
  for (; sixes > 0; sixes--) {
    block6(a, ai, ak, b, bk, k, c, ci, add);
    a += 6 * ai, c += 6 * ci;
  }
  if (rest == 5 || rest == 9 || rest == 13) {
    block5(a, ai, ak, b, bk, k, c, ci, add);
    a += 5 * ai, c += 5 * ci, rest -= 5;
  }
  for (; rest >= 4; rest -= 4) {
    block4(a, ai, ak, b, bk, k, c, ci, add);
    a += 4 * ai, c += 4 * ci;
  }
  if (rest == 3) block3(a, ai, ak, b, bk, k, c, ci, add);
  else if (rest == 2) block2(a, ai, ak, b, bk, k, c, ci, add);
  else if (rest == 1) block1(a, ak, b, bk, k, c, add);
}

/** Packs B[k, columns] (strides bk, bj in bytes) into [k, 8], zero-filled to the right. */
export function pack(dst: usize, b: usize, bk: usize, bj: usize, k: usize, columns: usize): void {
  if (columns == 8 && bj == 4) {
    for (let p: usize = 0; p < k; p++) {
      v128.store(dst, v128.load(b));
      v128.store(dst, v128.load(b, 16), 16);
      dst += 32, b += bk;
    }
    return;
  }
  if (columns == 8 && bk == 4) {
    let p: usize = 0;
    for (; p + 4 <= k; p += 4) {
      transpose4(dst, b, bj);
      transpose4(dst + 16, b + 4 * bj, bj);
      dst += 128, b += 16;
    }
    for (; p < k; p++) {
      for (let j: usize = 0; j < 8; j++) store<f32>(dst + (j << 2), load<f32>(b + j * bj));
      dst += 32, b += 4;
    }
    return;
  }
  for (let p: usize = 0; p < k; p++) {
    for (let j: usize = 0; j < 8; j++) store<f32>(dst + (j << 2), j < columns ? load<f32>(b + j * bj) : 0);
    dst += 32, b += bk;
  }
}

/** Four rows of four floats (row stride bj) become four columns, stored 32 bytes apart. */
// @ts-ignore: decorator
@inline
function transpose4(dst: usize, b: usize, bj: usize): void {
  const r0 = v128.load(b), r1 = v128.load(b + bj), r2 = v128.load(b + 2 * bj), r3 = v128.load(b + 3 * bj);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(dst, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(dst, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 32);
  v128.store(dst, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 64);
  v128.store(dst, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 96);
}

/** c[i] = Σ_p a[i, p] b[p] with both contiguous in p. */
function rowDots(m: usize, k: usize, a: usize, b: usize, c: usize): void {
  const bytes = k << 2;
  const whole = bytes & ~15;
  for (let i: usize = 0; i < m; i++) {
    let lanes = f32x4.splat(0);
    for (let p: usize = 0; p < whole; p += 16) lanes = madd(v128.load(a + p), v128.load(b + p), lanes);
    let sum = total(lanes);
    for (let p: usize = whole; p < bytes; p += 4) sum += load<f32>(a + p) * load<f32>(b + p);
    store<f32>(c, sum);
    a += bytes, c += 4;
  }
}

/** Most rows of the side of a product of rows with rows that `dots` holds in registers, and the least depth that pays for its sums. */
// @ts-ignore: decorator
@inline
const FEW: usize = 5;
// @ts-ignore: decorator
@inline
const DEEP: usize = 32;

// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/**
 * Dot products of few rows (at most FEW) with many: c[i ci + j cj] = Σ_p x[i, p] y[j, p], all rows k long. Two of the many at a time; a missing row is
 * replaced by the one before it, and its results are not stored.
 */
function dots(few: usize, many: usize, k: usize, x: usize, y: usize, c: usize, ci: usize, cj: usize): void {
  const row = k << 2;
  const whole = row & ~15;
  const x1 = x + min<usize>(1, few - 1) * row, x2 = x + min<usize>(2, few - 1) * row;
  const x3 = x + min<usize>(3, few - 1) * row, x4 = x + min<usize>(4, few - 1) * row;
  for (let j: usize = 0; j < many; j += 2) {
    const next = j + 1 < many ? y + row : y;
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00, s40 = s00, s41 = s00;
    for (let p: usize = 0; p < whole; p += 16) {
      const y0 = v128.load(y + p), y1 = v128.load(next + p);
      let v = v128.load(x + p);
      s00 = madd(v, y0, s00), s01 = madd(v, y1, s01);
      v = v128.load(x1 + p);
      s10 = madd(v, y0, s10), s11 = madd(v, y1, s11);
      v = v128.load(x2 + p);
      s20 = madd(v, y0, s20), s21 = madd(v, y1, s21);
      v = v128.load(x3 + p);
      s30 = madd(v, y0, s30), s31 = madd(v, y1, s31);
      v = v128.load(x4 + p);
      s40 = madd(v, y0, s40), s41 = madd(v, y1, s41);
    }
    const second = j + 1 < many;
    putDots(c, cj, second, s00, s01, x, y, next, whole, row);
    if (few > 1) putDots(c + ci, cj, second, s10, s11, x1, y, next, whole, row);
    if (few > 2) putDots(c + 2 * ci, cj, second, s20, s21, x2, y, next, whole, row);
    if (few > 3) putDots(c + 3 * ci, cj, second, s30, s31, x3, y, next, whole, row);
    if (few > 4) putDots(c + 4 * ci, cj, second, s40, s41, x4, y, next, whole, row);
    y += row << 1, c += cj << 1;
  }
}

/** Stores the dot products of one row with two others, with what the lanes left over. */
// @ts-ignore: decorator
@inline
function putDots(c: usize, cj: usize, second: bool, s0: v128, s1: v128, x: usize, y: usize, next: usize, from: usize, to: usize): void {
  let first = total(s0), other = total(s1);
  for (let p = from; p < to; p += 4) {
    const left = load<f32>(x + p);
    first += left * load<f32>(y + p), other += left * load<f32>(next + p);
  }
  store<f32>(c, first);
  if (second) store<f32>(c + cj, other);
}

/**
 * One matrix: C[m, n] = A[m, k] B[k, n] with byte strides; `scratch` holds max(KC·⌈n/8⌉, k) packed rows of 8 and a tile of
 * MC x 8. Of a product that is known to be symmetric, panels are computed from the diagonal down only.
 */
function multiply(m: usize, n: usize, k: usize, a: usize, ai: usize, ak: usize, b: usize, bk: usize, bj: usize, c: usize, scratch: usize, symmetric: bool): void {
  const ci = n << 2;
  if (n == 1 && ak == 4) return rowDots(m, k, a, b, c);
  if (ak == 4 && bk == 4 && k >= DEEP) {
    if (n <= FEW) return dots(n, m, k, b, a, c, 4, ci);
    if (m <= FEW) return dots(m, n, k, a, b, c, ci, 4);
  }
  const tail = n & 7;
  const small = k * n <= DIRECT;
  const direct = bj == 4 && (small || m <= FEW_ROWS);
  const depth = direct && small ? k : KC;
  const tile = scratch + max(((n + 7) >> 3) * KC, k) * 32;
  for (let p0: usize = 0; p0 < k; p0 += depth) {
    const kc = min(depth, k - p0);
    const add = p0 > 0;
    const from = b + p0 * bk;
    if (!direct) {
      for (let j: usize = 0; j < n; j += 8) pack(scratch + (j >> 3) * KC * 32, from + j * bj, bk, bj, kc, min<usize>(8, n - j));
    } else if (tail) {
      pack(scratch, from + (n - tail) * 4, bk, 4, kc, tail);
    }
    for (let i0: usize = 0; i0 < m; i0 += MC) {
      const mc = min(MC, m - i0);
      const left = a + i0 * ai + p0 * ak;
      const out = c + i0 * ci;
      let j: usize = 0;
      for (; j + 8 <= n; j += 8) {
        const above = symmetric && j > i0 ? min(j - i0, mc) : 0;
        const rows = mc - above, start = left + above * ai, target = out + above * ci + (j << 2);
        if (direct) panel(rows, start, ai, ak, from + (j << 2), bk, kc, target, ci, add);
        else panel(rows, start, ai, ak, scratch + (j >> 3) * KC * 32, 32, kc, target, ci, add);
      }
      if (tail) {
        const above = symmetric && j > i0 ? min(j - i0, mc) : 0;
        const packed = direct ? scratch : scratch + (j >> 3) * KC * 32;
        panel(mc - above, left + above * ai, ai, ak, packed, 32, kc, tile, 32, false);
        untile(mc - above, tile, out + above * ci + (j << 2), ci, tail, add);
      }
    }
  }
  if (symmetric) mirror(n, c);
}

/** Copies what lies below the diagonal of C[n, n] above it. */
function mirror(n: usize, c: usize): void {
  for (let i: usize = 1; i < n; i++) {
    for (let j: usize = 0; j < i; j++) store<f32>(c + ((j * n + i) << 2), load<f32>(c + ((i * n + j) << 2)));
  }
}

export function untile(m: usize, tile: usize, c: usize, ci: usize, columns: usize, add: bool): void {
  for (let i: usize = 0; i < m; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const value = load<f32>(tile + (j << 2));
      store<f32>(c + (j << 2), add ? load<f32>(c + (j << 2)) + value : value);
    }
    tile += 32, c += ci;
  }
}

/** Words at p: c, a, b, batch, m, n, k, transposeA, transposeB, scratch. */
export function matmul(p: usize): void {
  let c: usize = load<u32>(p), a: usize = load<u32>(p + 4), b: usize = load<u32>(p + 8);
  const batch: usize = load<u32>(p + 12), m: usize = load<u32>(p + 16), n: usize = load<u32>(p + 20), k: usize = load<u32>(p + 24);
  const ta = load<u32>(p + 28) != 0, tb = load<u32>(p + 32) != 0;
  const scratch: usize = load<u32>(p + 36);
  const ai: usize = ta ? 4 : k << 2, ak: usize = ta ? m << 2 : 4;
  const bk: usize = tb ? 4 : n << 2, bj: usize = tb ? k << 2 : 4;
  // A matrix times its own transpose.
  const symmetric = a == b && ta != tb;
  for (let t: usize = 0; t < batch; t++) {
    // A single column with a transposed left operand is a single row with the operands swapped.
    if (n == 1 && ta) multiply(1, m, k, b, 4, 4, a, ak, ai, c, scratch, false);
    else multiply(m, n, k, a, ai, ak, b, bk, bj, c, scratch, symmetric);
    a += (m * k) << 2, b += (k * n) << 2, c += (m * n) << 2;
  }
}
