// What the operator wants is asked once: a key for each intention, kept until there is an answer.
import { Problem, newKey } from "../shared/api.js";

/** @typedef {{path: string, body: unknown, key: string}} Intention */

export class Intentions {
  /** @param {import("../shared/api.js").Api} api @param {string} name whose they are, such as branch/counter */
  constructor(api, name) {
    this.api = api;
    this.place = `kezek.intention.${name}`;
    /** @type {Promise<any> | null} */
    this.underWay = null;
  }

  /**
   * Asks for something; while it is under way every further wish is that same one. When there was no
   * answer, the same wish later carries the same key, after a reload too.
   * @param {string} path @param {unknown} [body] @returns {Promise<any>} as `api.post`
   */
  carryOut(path, body) {
    this.underWay ??= this.ask(path, body).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  /** @param {string} path @param {unknown} body */
  async ask(path, body) {
    const intention = this.unanswered(path, body) ?? { path, body, key: newKey() };
    sessionStorage.setItem(this.place, JSON.stringify(intention));
    try {
      const answer = await this.api.post(path, body, { key: intention.key });
      sessionStorage.removeItem(this.place);
      return answer;
    } catch (error) {
      if (error instanceof Problem && !error.offline && error.status < 500) sessionStorage.removeItem(this.place);
      throw error;
    }
  }

  /** @param {string} path @param {unknown} body @returns {Intention | null} */
  unanswered(path, body) {
    /** @type {Intention | null} */
    const kept = JSON.parse(sessionStorage.getItem(this.place) ?? "null");
    const same = kept?.path === path && JSON.stringify(kept.body) === JSON.stringify(body);
    return same ? kept : null;
  }
}
