// What the attendant has done and the service has not confirmed yet, in this tablet's own database.

/**
 * @typedef {object} Command something done at the door
 * @property {number} [id] its place in the order; given when it is kept
 * @property {string} key its Idempotency-Key: the service carries it out once
 * @property {string} branch
 * @property {string} owner whose it is: the person who did it, or the role of the paired tablet
 * @property {"release" | "entered" | "left" | "recount" | "start" | "confirm"} kind
 * @property {string} path after the branch's address
 * @property {{[field: string]: any}} [body]
 * @property {number} doneAt when it was done, epoch milliseconds of the queue's clock
 * @property {number} madeAt the same by the tablet's own clock
 * @property {boolean} alone it was done while the service was out of reach
 * @property {string} number the ticket that it is about, as people say it; empty otherwise
 * @property {string} [ticket] id of that ticket
 * @property {any[]} [tickets] of a release: who was let go, as far as this tablet knew
 * @property {number[]} needs commands without which this one has no meaning
 * @property {string} day the business date on which it was done
 * @property {number} sent its place in that day's journal; 0 while it is not known to be there
 * @property {boolean} tried it may have reached the service
 * @property {{kind: string, title: string, detail: string, state: string} | null} refused why it was not carried out; the ticket's state then
 */

const DATABASE = "kezek-door";
const VERSION = 1;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const committed = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("commands", { keyPath: "id", autoIncrement: true });
    request.result.createObjectStore("views", { keyPath: "branch" });
  };
  return answered(request);
}

export class Outbox {
  /** @param {IDBDatabase} database @param {string} branch @param {string} owner */
  constructor(database, branch, owner) {
    this.database = database;
    this.branch = branch;
    this.owner = owner;
    this.others = new BroadcastChannel(DATABASE);
    this.onChange = () => {};
    this.others.onmessage = () => this.onChange();
  }

  /** The outbox of a person or a paired tablet at a branch. @param {string} branch @param {string} owner */
  static async open(branch, owner) {
    return new Outbox(await opened(), branch, owner);
  }

  /** Everything of this branch in the order in which it was done, other people's too. @returns {Promise<Command[]>} */
  async all() {
    const commands = await answered(this.database.transaction("commands").objectStore("commands").getAll());
    return commands.filter((command) => command.branch === this.branch);
  }

  /** Keeps a new command; returns when it is on the disk. @param {Command} command */
  async keep(command) {
    const transaction = this.database.transaction("commands", "readwrite", { durability: "strict" });
    transaction.objectStore("commands").add(command);
    await committed(transaction);
    this.tell();
  }

  /** Changes a command that is still kept; one that was taken back stays away. @param {Command} command @param {Partial<Command>} changes */
  async change(command, changes) {
    const transaction = this.database.transaction("commands", "readwrite", { durability: "strict" });
    const commands = transaction.objectStore("commands");
    const kept = await answered(commands.get(Number(command.id)));
    if (kept) commands.put({ ...kept, ...changes });
    await committed(transaction);
    this.tell();
    return Boolean(kept);
  }

  /** @param {number} id */
  async forget(id) {
    const transaction = this.database.transaction("commands", "readwrite");
    transaction.objectStore("commands").delete(id);
    await committed(transaction);
    this.tell();
  }

  /** Forgets what stands in the journal and in the view of it. @param {any} view */
  async forgetSeen(view) {
    for (const command of await this.all()) if (command.sent && !isAhead(command, view)) await this.forget(Number(command.id));
  }

  tell() {
    this.others.postMessage("changed");
    this.onChange();
  }

  /** The branch as it was last known. @returns {Promise<any | null>} */
  async view() {
    const kept = await answered(this.database.transaction("views").objectStore("views").get(this.branch));
    return kept?.view ?? null;
  }

  /** @param {any} view */
  async keepView(view) {
    const transaction = this.database.transaction("views", "readwrite");
    transaction.objectStore("views").put({ branch: this.branch, view });
    await committed(transaction);
  }
}

/** Whether a view does not show yet what was done. @param {Command} command @param {any} view */
export const isAhead = (command, view) => !command.sent || (command.day === view.date && command.sent > view.seq);

/** Whose deeds are whose: a person's at every sign-in, and those at a tablet that was paired, also once it is paired anew. @param {import("../shared/session.js").Session} me */
export const ownerOf = (me) => me.subject ?? me.role;
