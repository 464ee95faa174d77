// What the attendant does: each deed is kept on this tablet first and sent from there.
import { newKey } from "../shared/api.js";
import { needsOf } from "./overlay.js";
import { nowOf } from "./view.js";

/** @typedef {import("./outbox.js").Command} Command */
/** @typedef {Pick<Command, "kind" | "path"> & Partial<Command>} Deed what has just been done */
/** @typedef {(deed: Deed) => Promise<void>} Act */
/** @typedef {{occupancy: number, reason: string, instead?: Command}} Count a recount that is being made */

/**
 * @param {import("./outbox.js").Outbox} outbox @param {import("./sender.js").Sender} sender
 * @param {any} view the branch as it is shown @param {boolean} offline whether the service was out of reach when last asked
 * @param {Command[]} commands this attendant's, in order
 * @param {() => Promise<void>} reload shows what is kept
 */
export function deedsOf(outbox, sender, view, offline, commands, reload) {
  const send = async () => {
    await reload();
    sender.send();
  };
  return {
    /** @type {Act} */
    async act(deed) {
      await outbox.keep({ ...blank(outbox, view, offline), ...deed, needs: needsOf(commands, deed) });
      await send();
    },

    /** @param {Count} count @param {number} occupancy @param {string} reason */
    async recount(count, occupancy, reason) {
      await this.act({ kind: "recount", path: "/hall/recount", body: { occupancy, reason } });
      if (count.instead) await outbox.forget(Number(count.instead.id));
    },

    /** A refused command is sent again as the attendant has changed it. @param {Command} command @param {Partial<Command>} changes */
    async amend(command, changes) {
      await outbox.change(command, { ...changes, key: newKey(), tried: false, refused: null });
      await send();
    },

    /** @param {Command} command */
    async drop(command) {
      await outbox.forget(Number(command.id));
      await send();
    },
  };
}

/** @param {import("./outbox.js").Outbox} outbox @param {any} view @param {boolean} offline */
const blank = (outbox, view, offline) => ({
  key: newKey(),
  branch: outbox.branch,
  owner: outbox.owner,
  day: view.date,
  doneAt: Math.floor(nowOf(view)),
  madeAt: Date.now(),
  alone: offline,
  number: "",
  sent: 0,
  tried: false,
  refused: null,
});
