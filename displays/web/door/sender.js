// Brings the outbox to the service: in order, each command once, and nothing waits behind a refused one without need.
import { Problem } from "../shared/api.js";

/** @typedef {import("./outbox.js").Command} Command */

const AGAIN_MS = 2000;
/** What is sent sooner than this after it was done need not say when it was done. */
const AT_ONCE_MS = 2000;
/** Nobody may ask with this sign-in: what is kept stays kept. */
const SIGNED_OUT = new Set([401, 403]);

export class Sender {
  /**
   * @param {import("./outbox.js").Outbox} outbox @param {import("../shared/api.js").Api} api @param {string} home
   * @param {(problem: Problem | null) => unknown} onNews what an attempt has brought
   */
  constructor(outbox, api, home, onNews) {
    this.outbox = outbox;
    this.api = api;
    this.home = home;
    this.onNews = onNews;
    this.timer = 0;
    this.again = false;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.send = this.send.bind(this);
    window.addEventListener("online", this.send);
  }

  /** Sends what waits; one tab of the tablet at a time. @returns {Promise<void>} */
  send() {
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    clearTimeout(this.timer);
    while (this.again) {
      this.again = false;
      const left = await navigator.locks.request("kezek-door-outbox", () => this.sendAll());
      if (left) this.timer = window.setTimeout(this.send, AGAIN_MS);
    }
  }

  /** Whether something is left that only waits for an answer. */
  async sendAll() {
    const tried = new Set();
    for (;;) {
      const command = nextOf(await this.outbox.all(), this.outbox.owner, tried);
      if (!command) return false;
      tried.add(command.id);
      if (!(await this.sendOne(command))) return true;
    }
  }

  /** Whether there was an answer. @param {Command} command */
  async sendOne(command) {
    if (!navigator.onLine) return false;
    if (!(await this.outbox.change(command, { tried: true }))) return true;
    try {
      const answer = await this.api.post(this.home + command.path, command.body, { key: command.key, give_up: 0, headers: told(command) });
      // Kept until the view shows it: what was done must not seem undone in between.
      await this.outbox.change(command, { sent: answer.seq });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.failed(command, error);
    }
    await this.onNews(null);
    return true;
  }

  /** @param {Command} command @param {Problem} problem */
  async failed(command, problem) {
    const undecided = problem.offline || problem.status >= 500 || problem.status === 429 || SIGNED_OUT.has(problem.status);
    if (undecided) {
      await this.onNews(problem);
      return false;
    }
    const { kind, title, detail, body } = problem;
    await this.outbox.change(command, { refused: { kind, title, detail, state: body.state ?? "" } });
    await this.onNews(null);
    return true;
  }
}

/** The first that may go: not refused, and nothing that it needs is still here. @param {Command[]} commands @param {string} owner @param {Set<number | undefined>} tried */
function nextOf(commands, owner, tried) {
  const unsent = commands.filter(({ sent }) => !sent);
  const here = new Set(unsent.map(({ id }) => id));
  return unsent.find(
    (command) => command.owner === owner && !command.refused && !tried.has(command.id) && !command.needs.some((id) => here.has(id)),
  );
}

/** @param {Command} command @returns {{[header: string]: string}} */
const told = (command) => (command.alone || Date.now() - command.madeAt > AT_ONCE_MS ? { "Kezek-Done-At": String(command.doneAt) } : {});
