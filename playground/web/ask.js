// Asks our own server, and says what went wrong in a sentence. Knows no route.
import { messages } from "./wire.js";

/** What is said where nothing answers. */
export const UNREACHED = "The server cannot be reached. Check the connection, then try again.";

/** Where the page's own routes begin: "" but behind a proxy. */
export function root() {
  return window.gradio_config?.root ?? "";
}

/**
 * The answer of a route of ours. Throws an Error with a sentence for people and the answer's `status`, and what a signal throws where it ends the asking.
 * @param {string} path
 * @param {RequestInit} asked
 * @returns {Promise<Response>}
 */
export async function answerOf(path, asked) {
  const answer = await reached(fetch(`${root()}${path}`, asked)), { ok, status } = answer;
  if (!ok) throw Object.assign(new Error((await answer.json().catch(() => ({}))).detail || `The server answered with error ${status}. Try again.`), { status });
  return answer;
}

/**
 * The same of what is posted as JSON.
 * @param {string} path
 * @param {unknown} asked
 * @param {AbortSignal} [signal]
 */
export function post(path, asked, signal) {
  return answerOf(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked), signal });
}

/**
 * What `promise` gives; an Error with a sentence where the connection fails. Whoever stopped it gets his own AbortError.
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function reached(promise) {
  try {
    return await promise;
  } catch (error) {
    throw error instanceof TypeError ? new Error(UNREACHED) : error;
  }
}

/**
 * The messages of a streaming route as they come. One whose `about` has a `detail` is the sentence that the server ends with: it is thrown.
 * @param {string} path
 * @param {unknown} asked
 * @param {AbortSignal} [signal]
 */
export async function* stream(path, asked, signal) {
  const answer = await post(path, asked, signal), come = messages(/** @type {ReadableStream<Uint8Array>} */ (answer.body));
  for (;;) {
    const { done, value } = await reached(come.next());
    signal?.throwIfAborted(); // what came before it was stopped is not read any more
    if (done) return;
    if (value.about?.detail) throw new Error(value.about.detail);
    yield value;
  }
}

/** @param {unknown} error */
export function stopped(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
