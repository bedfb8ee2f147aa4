// The colour scales: Viridis for weights (reads with any colour vision, has no grey of its own), blue to orange for differences.
const VIRIDIS = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
];
export const BLOCKED = [156, 163, 175, 96];

// 256 × RGB.
const TABLE = new Uint8Array(768);
for (let i = 0; i < 256; i++) {
  const place = (i / 255) * (VIRIDIS.length - 1);
  const low = Math.min(VIRIDIS.length - 2, Math.floor(place));
  for (let c = 0; c < 3; c++) TABLE[3 * i + c] = VIRIDIS[low][c] + (VIRIDIS[low + 1][c] - VIRIDIS[low][c]) * (place - low);
}

/** @param {number} share */
export function viridis(share) {
  const i = 3 * Math.max(0, Math.min(255, Math.round(255 * share)));
  return `rgb(${TABLE[i]}, ${TABLE[i + 1]}, ${TABLE[i + 2]})`;
}

/**
 * Blue below 0, orange above, see-through at 0.
 * @param {number} share
 */
export function diverging(share) {
  const strength = Math.min(1, Math.abs(share)).toFixed(3);
  return share < 0 ? `rgba(59, 130, 246, ${strength})` : `rgba(234, 88, 12, ${strength})`;
}

/**
 * One pixel a cell; `blocked` cells (the future under a causal mask) are grey, not the colour of 0.
 * @param {{weights: ArrayLike<number>, rows: number, columns: number, signed: boolean, top: number, opened?: ArrayLike<number> | null}} picture
 */
export function pixels(picture) {
  const { weights, rows, columns, signed, top } = picture;
  const data = new Uint8ClampedArray(4 * rows * columns);
  const scale = top > 0 ? 255 / top : 0;
  for (let row = 0; row < rows; row++) {
    const open = picture.opened ? picture.opened[row] : columns;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column, to = 4 * at;
      if (column >= open) {
        data[to] = BLOCKED[0]; data[to + 1] = BLOCKED[1]; data[to + 2] = BLOCKED[2]; data[to + 3] = BLOCKED[3];
      } else if (signed) {
        const below = weights[at] < 0;
        data[to] = below ? 59 : 234; data[to + 1] = below ? 130 : 88; data[to + 2] = below ? 246 : 12;
        data[to + 3] = Math.min(255, Math.abs(weights[at]) * scale);
      } else {
        const from = 3 * Math.min(255, Math.round(weights[at] * scale));
        data[to] = TABLE[from]; data[to + 1] = TABLE[from + 1]; data[to + 2] = TABLE[from + 2]; data[to + 3] = 255;
      }
    }
  }
  return { width: columns, height: rows, data };
}
