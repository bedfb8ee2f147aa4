// The lab's runs as a state holds them: the tab's inputs say what the first run reads, each run only what differs from them. Pure.

/**
 * @typedef {Record<string, any>} Spec a run as POST /playground/attention takes it
 * @typedef {{name: string, spec: Spec}} NamedRun
 */

const READ = ["text", "model", "target", "pair"];
const MOST = 3;

/** What a spec holds, without what is empty. @param {Spec} spec */
const held = (spec) => Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== "" && value !== null && value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * {fills, view}: what the inputs must say, and the rest, without runs where the inputs say it all.
 * @param {NamedRun[]} runs one for each picture
 * @param {Record<string, any>} view
 */
export function filledBy(runs, view) {
  const first = runs[0].spec, fills = Object.fromEntries(READ.map((name) => [`attention-${name}`, first[name] ?? ""]));
  const told = runs.map(({ name, spec }) => ({ name, spec: Object.fromEntries(Object.entries(spec).filter(([key, value]) => (READ.includes(key) ? value !== fills[`attention-${key}`] : true))) }));
  const brief = { ...view, options: Object.fromEntries(Object.entries(view.options ?? {}).filter(([, value]) => value)) };
  return { fills, view: told.length === 1 && !Object.keys(told[0].spec).length ? { view: brief } : { runs: told, view: brief } };
}

/**
 * The whole runs of a state's view; `values` are the inputs'.
 * @param {Partial<NamedRun>[] | undefined} told
 * @param {Record<string, any>} values
 * @returns {NamedRun[]}
 */
export function runsOf(told, values) {
  const said = Object.fromEntries(READ.map((name) => [name, values[`attention-${name}`] ?? ""]));
  const list = Array.isArray(told) && told.length ? told.slice(0, MOST) : [{}];
  return list.map((one) => ({ name: one.name ?? one.spec?.model ?? said.model, spec: { ...said, ...one.spec } }));
}

/** @param {NamedRun[]} some @param {NamedRun[]} others */
export function sameRuns(some, others) {
  return JSON.stringify(some.map((one) => held(one.spec))) === JSON.stringify(others.map((one) => held(one.spec)));
}
