// Keeps a staff page's view fresh: asks again when the branch has moved on.
import { clock, watchBoard } from "./live.js";

/** @typedef {{seq: number, date: string, now_ms: number, [field: string]: any}} View */

/** Where no news comes, the service is asked all the same. */
const SAFETY_NET_MS = 15_000;
/** Where there was no answer. */
const AGAIN_MS = 2000;
const RUSH_MS = 250;
const JUST_AFTER_MS = 20;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The queue's clock, epoch milliseconds, as a view told it; true without the gateway too. @param {View & {readAt?: number}} view */
export const nowOf = (view) => view.now_ms + (performance.now() - (view.readAt ?? performance.now())) * clock.speed();

/**
 * Calls `load` at once, when the branch's journal has grown, at the next of the `instants` that a view
 * announces (RFC 3339), when the tab is looked at or the network comes and goes, and every 15 s. Never two at a time.
 * @param {string} branch
 * @param {() => Promise<View | null>} load the fresh view, or null when there was no answer
 * @param {(view: View) => (string | null | undefined)[]} instants
 * @param {(state: import("./live.js").LiveState) => void} [onLive]
 */
export function keepFresh(branch, load, instants, onLive = () => {}) {
  const freshener = new Freshener(load, instants);
  const unwatch = watchBoard(branch, (state) => {
    freshener.hear(state);
    onLive(state);
  });
  const timer = setInterval(freshener.look, SAFETY_NET_MS);
  const moments = /** @type {const} */ (["online", "offline"]);
  document.addEventListener("visibilitychange", freshener.look);
  for (const moment of moments) window.addEventListener(moment, freshener.look);
  freshener.look();
  return {
    look: freshener.look,
    stop() {
      unwatch();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", freshener.look);
      for (const moment of moments) window.removeEventListener(moment, freshener.look);
      freshener.stop();
    },
  };
}

class Freshener {
  /** @param {() => Promise<View | null>} load @param {(view: View) => (string | null | undefined)[]} instants */
  constructor(load, instants) {
    this.load = load;
    this.instants = instants;
    /** @type {View | null} */
    this.view = null;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.again = false;
    this.stale = false;
    this.stopped = false;
    this.lookedAt = 0;
    this.soon = 0;
    this.timer = 0;
    this.look = this.look.bind(this);
  }

  /** @returns {Promise<void>} done when the view is at least as fresh as the call */
  look() {
    clearTimeout(this.soon);
    this.soon = 0;
    this.lookedAt = performance.now();
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    while (this.again) {
      this.again = false;
      const view = await this.load();
      if (view) this.wake(view);
      else this.lookIn(AGAIN_MS);
    }
  }

  /** @param {import("./live.js").LiveState} state */
  hear({ board, stale }) {
    const moved = board && this.view && (board.seq > this.view.seq || board.date !== this.view.date);
    if (moved || stale !== this.stale) this.lookSoon();
    this.stale = stale;
  }

  /** In a rush of news one look serves several. */
  lookSoon() {
    const wait = this.lookedAt + RUSH_MS - performance.now();
    if (!this.soon) this.soon = window.setTimeout(this.look, Math.max(0, wait));
  }

  /** @param {View} view */
  wake(view) {
    this.view = view;
    const ahead = this.instants(view).map((instant) => Date.parse(instant ?? "") - view.now_ms);
    const next = Math.min(...ahead.filter((ms) => ms > 0)) / clock.speed();
    this.lookIn(next + JUST_AFTER_MS);
  }

  /** @param {number} ms */
  lookIn(ms) {
    clearTimeout(this.timer);
    if (ms < LONGEST_TIMER_MS && !this.stopped) this.timer = window.setTimeout(this.look, ms);
  }

  stop() {
    this.stopped = true;
    this.again = false;
    clearTimeout(this.soon);
    clearTimeout(this.timer);
  }
}
