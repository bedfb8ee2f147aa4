// Rows of 0 and 1 as a picture of a QR code, dark on light in every theme. Knows no link.
const NAMESPACE = "http://www.w3.org/2000/svg";
const QUIET = 4;

/**
 * @param {string[]} rows
 * @param {string} label
 */
export function qrPicture(rows, label) {
  const size = rows.length + 2 * QUIET;
  const picture = document.createElementNS(NAMESPACE, "svg"), paper = document.createElementNS(NAMESPACE, "rect"), ink = document.createElementNS(NAMESPACE, "path");
  picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  picture.setAttribute("class", "pg-stage-qr");
  picture.setAttribute("shape-rendering", "crispEdges");
  for (const side of ["width", "height"]) paper.setAttribute(side, String(size));
  paper.setAttribute("fill", "#fff");
  ink.setAttribute("fill", "#000");
  const cells = rows.flatMap((row, y) => [...row].map((bit, x) => (bit === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")));
  ink.setAttribute("d", cells.join(""));
  picture.append(paper, ink);
  return picture;
}
