// The HTTP contract as the pages use it: one function per method, problems as errors.

/** What the service refused, in the reader's language, or that it did not answer (`offline`). */
export class Problem extends Error {
  /** @param {number} status @param {{type?: string, title?: string, detail?: string, [more: string]: any}} body */
  constructor(status, body) {
    super(body.title ?? "");
    this.status = status;
    this.kind = (body.type ?? "").replace("urn:kezek:problem:", "");
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.body = body;
  }

  get offline() {
    return this.kind === "offline";
  }
}

/** A key for one intention of a person: every repetition of the request carries the same one. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

const AGAIN_MS = 500;

/**
 * @typedef {object} Options
 * @property {string} [key] Idempotency-Key; made for each call unless given
 * @property {string} [version] the value of If-Match
 * @property {number} [give_up] milliseconds in which an unanswered request is repeated
 * @property {{[name: string]: string}} [headers]
 */

/**
 * Asks the service as the bearer of a token, in a language. Without a token as anybody.
 * @param {string} token @param {string} language
 */
export function apiAs(token, language) {
  /** @param {string} method @param {string} path @param {unknown} body @param {Options} options */
  const ask = (method, path, body, options = {}) => asked(method, path, body, headersOf(token, language, method, body, options), options);
  return {
    /** @param {string} path @param {Options} [options] @returns {Promise<any>} */
    get: (path, options) => ask("GET", path, undefined, options),
    /** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
    post: (path, body, options) => ask("POST", path, body, options),
    /** @param {string} path @param {unknown} body @param {Options} [options] @returns {Promise<any>} */
    patch: (path, body, options) => ask("PATCH", path, body, options),
    /** @param {string} path @param {Options} [options] @returns {Promise<any>} */
    delete: (path, options) => ask("DELETE", path, undefined, options),
  };
}

/** @typedef {ReturnType<typeof apiAs>} Api */

/**
 * @param {string} token @param {string} language @param {string} method @param {unknown} body @param {Options} options
 * @returns {{[name: string]: string}}
 */
function headersOf(token, language, method, body, options) {
  return {
    "Accept-Language": language,
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "Content-Type": "application/json" }),
    ...(method !== "GET" && { "Idempotency-Key": options.key ?? newKey() }),
    ...(options.version && { "If-Match": options.version }),
    ...options.headers,
  };
}

/**
 * One request, repeated with the same key while there is no answer and it has not been given up.
 * @param {string} method @param {string} path @param {unknown} body
 * @param {{[name: string]: string}} headers @param {Options} options @returns {Promise<any>}
 */
async function asked(method, path, body, headers, { give_up = 4000 }) {
  const until = performance.now() + give_up;
  for (;;) {
    const problem = await once(method, path, body, headers).catch(unanswered);
    if (!(problem instanceof Problem)) return problem;
    const mayPass = problem.offline || problem.status === 503;
    if (!mayPass || performance.now() + AGAIN_MS > until) throw problem;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** @param {unknown} error */
function unanswered(error) {
  if (error instanceof Problem) return error;
  return new Problem(0, { type: "offline", title: String(error) });
}

/** @param {string} method @param {string} path @param {unknown} body @param {{[name: string]: string}} headers */
async function once(method, path, body, headers) {
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (answer.status === 204) return null;
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content = isJson ? await answer.json() : {};
  if (!answer.ok) throw new Problem(answer.status, content);
  return content;
}
