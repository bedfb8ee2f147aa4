// What the page's scripts stand on and no script declares: how Gradio calls a component, and what the page hangs on `window`.

/** What the default export of a component's script is given (playground/web/component.py). `V`: what the component shows, one of payloads.d.ts. */
interface Face<V> {
  element: { querySelector(selector: string): HTMLElement } & HTMLElement;
  /** `value` is null until something is shown. */
  props: { value: V | null };
  watch(name: "value", draw: () => void): void;
  /** The name is one of those in playground/web/events.py. */
  trigger(name: string, data?: unknown): void;
}

interface Window {
  gradio_config?: { root?: string };
  /** What the page says to the strip (playground/web/stage.js). */
  playgroundSaid?: { push(said: unknown[]): unknown };
  /** Whether the paths of the embeddings tab are open, so that what is in view is told. */
  playgroundPaths?: boolean;
}

/** What is found by one of our classes is HTML. */
interface ParentNode {
  querySelector(selector: `.${string}`): HTMLElement | null;
  querySelectorAll(selector: `.${string}`): NodeListOf<HTMLElement>;
}
