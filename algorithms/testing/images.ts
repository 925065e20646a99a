/** Operations on one image, written as loops: an oracle for models of images. Images are [H][W][C]. */
export type Image = readonly (readonly (readonly number[])[])[];

/** A k x k convolution of stride 1, padded by zeros to the image's own size; the rows of the weight are ordered (ky, kx, channel), its columns are filters. */
export function convolved(image: Image, weight: ArrayLike<number>, bias: ArrayLike<number>, kernel: number): Image {
  const channels = image[0][0].length;
  const half = (kernel - 1) / 2;
  return image.map((row, y) =>
    row.map((_, x) =>
      Array.from(bias, (offset, filter) => {
        let sum = offset;
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++) {
            for (let c = 0; c < channels; c++) {
              const value = image[y + ky - half]?.[x + kx - half]?.[c] ?? 0;
              sum += value * weight[((ky * kernel + kx) * channels + c) * bias.length + filter];
            }
          }
        }
        return sum;
      })
    )
  );
}

/** A function of every value. */
export function mapped(image: Image, f: (value: number) => number): Image {
  return image.map((row) => row.map((pixel) => pixel.map(f)));
}

/** Sums place by place. */
export function summed(a: Image, b: Image): Image {
  return a.map((row, y) => row.map((pixel, x) => pixel.map((value, c) => value + b[y][x][c])));
}

/** Maxima over windows of 2 x 2; what is left over at the bottom and the right is dropped. */
export function halvedByMaxima(image: Image): Image {
  return Array.from(
    { length: Math.floor(image.length / 2) },
    (_, y) =>
      Array.from({ length: Math.floor(image[0].length / 2) }, (_, x) =>
        image[0][0].map((_, c) =>
          Math.max(
            image[2 * y][2 * x][c],
            image[2 * y][2 * x + 1][c],
            image[2 * y + 1][2 * x][c],
            image[2 * y + 1][2 * x + 1][c],
          )
        )),
  );
}
