// The queue as it is now: one socket to the gateway that resumes by itself and says when it is old.

/** @typedef {{[field: string]: any}} View the Board or the Ticket of the HTTP contract */
/** @typedef {{seq: number, number: string, counter: string, at: string, again: boolean}} Call */

/**
 * @typedef {object} LiveState
 * @property {View | null} board of `watchBoard`; null until the first news
 * @property {View | null} ticket of `watchTicket`; null until the first news
 * @property {Call[]} called the day's latest calls, oldest first
 * @property {Call[]} fresh those of them that are news to this page: to be announced once
 * @property {boolean} stale whether what is shown may be old
 * @property {number} lastNews until when it is known to be true, epoch milliseconds of the queue's clock; 0: never
 * @property {boolean} unknown there is no such branch or ticket; nothing more will come
 * @property {() => number} now the queue's clock, epoch milliseconds
 */

const KEPT_CALLS = 60;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1500;
/** Heartbeats come every 5 s: after this silence the connection is taken for dead. */
const SILENCE_MS = 7500;
const OPENING_MS = 2500;
const LOOK_EVERY_MS = 250;
/** The gateway closes with it where it knows no such branch or ticket. */
const UNKNOWN = 4404;

let clockMs = Date.now();
let clockRead = performance.now();
let clockSpeed = 1;
let clockTold = false;

/** The queue's clock as the gateway last told it; it may run at another speed than the browser's. */
export const clock = {
  now: () => clockMs + (performance.now() - clockRead) * clockSpeed,
  speed: () => clockSpeed,
  /** Whether the gateway has told it to this page; until then it is the browser's own. */
  told: () => clockTold,
};

/** @param {number} nowMs @param {number} speed */
function setClock(nowMs, speed) {
  clockMs = nowMs;
  clockRead = performance.now();
  clockSpeed = speed;
  clockTold = true;
}

/**
 * Calls `onState` with every change of a branch's board. Returns what ends it.
 * @param {string} branch @param {(state: LiveState) => void} onState
 */
export function watchBoard(branch, onState) {
  return watch(`/v1/branches/${encodeURIComponent(branch)}/board`, onState);
}

/**
 * Calls `onState` with every change of a visitor's ticket. Returns what ends it.
 * @param {string} branch @param {string} id @param {(state: LiveState) => void} onState
 */
export function watchTicket(branch, id, onState) {
  return watch(`/v1/branches/${encodeURIComponent(branch)}/tickets/${encodeURIComponent(id)}`, onState);
}

/** @param {string} path @param {(state: LiveState) => void} onState */
function watch(path, onState) {
  const live = new Live(path, onState);
  live.start();
  return () => live.stop();
}

/** @type {Promise<string> | null} */
let gateway = null;

/** Where the gateway is; asked of the service until it has said so once. @returns {Promise<string>} */
function gatewayAddress() {
  gateway ??= fetch("/config.json")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`config.json: ${answer.status}`))))
    .then((config) => config.gateway || location.origin.replace(/^http/, "ws"))
    .catch((error) => {
      gateway = null;
      throw error;
    });
  return gateway;
}

class Live {
  /** @param {string} path @param {(state: LiveState) => void} onState */
  constructor(path, onState) {
    this.path = path;
    this.onState = onState;
    /** @type {LiveState} */
    this.state = { board: null, ticket: null, called: [], fresh: [], stale: true, lastNews: 0, unknown: false, now: clock.now };
    this.seq = 0;
    this.date = "";
    this.pause = FIRST_PAUSE_MS;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.heard = 0;
    this.reopenAt = 0;
    this.opening = false;
    this.stopped = false;
    this.timer = 0;
    this.look = this.look.bind(this);
    this.hurry = this.hurry.bind(this);
  }

  start() {
    this.timer = window.setInterval(this.look, LOOK_EVERY_MS);
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.open();
  }

  stop() {
    this.stopped = true;
    window.clearInterval(this.timer);
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.leave();
  }

  /** A network or a screen that is back need not wait for its turn. */
  hurry() {
    this.reopenAt = 0;
    this.look();
  }

  look() {
    const at = performance.now();
    const patience = this.socket?.readyState === WebSocket.OPEN ? SILENCE_MS : OPENING_MS;
    if (this.socket && at - this.heard > patience) this.lost();
    if (!this.socket && !this.opening && !this.stopped && at >= this.reopenAt) this.open();
  }

  async open() {
    this.opening = true;
    try {
      const address = (await gatewayAddress()) + this.path + this.resumption();
      if (!this.stopped) this.connect(new WebSocket(address));
    } catch {
      this.lost();
    } finally {
      this.opening = false;
    }
  }

  resumption() {
    return this.date ? `?after=${this.seq}&date=${this.date}` : "";
  }

  /** @param {WebSocket} socket */
  connect(socket) {
    this.socket = socket;
    this.heard = performance.now();
    socket.onmessage = (message) => this.hear(JSON.parse(message.data));
    socket.onclose = (event) => (event.code === UNKNOWN ? this.refused() : this.lost());
  }

  leave() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  lost() {
    this.leave();
    // Boards that lost the same gateway must not all come back in the same instant.
    this.reopenAt = performance.now() + this.pause * (0.5 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    if (!this.state.stale) this.tell({ stale: true });
  }

  refused() {
    this.stop();
    this.tell({ unknown: true, stale: false, board: null, ticket: null });
  }

  /** @param {any} frame */
  hear(frame) {
    this.heard = performance.now();
    if (frame.type === "stale") return this.tell({ stale: true, lastNews: frame.since_ms });
    this.pause = FIRST_PAUSE_MS;
    setClock(frame.now_ms, frame.speed);
    this.state.lastNews = frame.now_ms;
    if (frame.type === "snapshot") this.restart(frame);
    else if (frame.type === "change") this.change(frame);
    else if (this.state.stale && this.date) this.tell({ stale: false });
  }

  /** @param {any} frame */
  restart(frame) {
    const view = frame.board ?? frame.ticket;
    const known = this.date === view.date;
    const first = !this.date;
    const called = known ? this.state.called : [];
    const fresh = this.unheard(frame, known ? this.seq : 0);
    this.date = view.date;
    this.show(frame, frame.board, called, fresh, first ? [] : fresh);
  }

  /** @param {any} frame */
  change(frame) {
    const fresh = this.unheard(frame, this.seq);
    // A board's change names the fields that changed, a ticket comes whole.
    this.show(frame, { ...this.state.board, ...frame.board }, this.state.called, fresh, fresh);
  }

  /** @param {any} frame @param {number} after @returns {Call[]} */
  unheard(frame, after) {
    return frame.called.filter((/** @type {Call} */ call) => call.seq > after);
  }

  /** @param {any} frame @param {View} board @param {Call[]} called @param {Call[]} more @param {Call[]} fresh */
  show(frame, board, called, more, fresh) {
    this.seq = frame.seq;
    this.tell({
      board: frame.board ? board : null,
      ticket: frame.ticket ?? null,
      called: [...called, ...more].slice(-KEPT_CALLS),
      fresh,
      stale: false,
    });
  }

  /** @param {Partial<LiveState>} news */
  tell(news) {
    this.state = { ...this.state, fresh: [], ...news };
    this.onState(this.state);
  }
}
