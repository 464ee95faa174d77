// The branch as the service last told it, with what this tablet has done since and not yet told.

import { isAhead } from "./outbox.js";

/** @typedef {import("./outbox.js").Command} Command */

/** @param {any} view @param {Command[]} commands @returns {any} the view with every unsent command applied, parts marked `unsent` */
export function withUnsent(view, commands) {
  const ahead = commands.filter((command) => !command.refused && isAhead(command, view));
  return ahead.reduce((shown, command) => APPLY[command.kind](shown, command), view);
}

/** @param {any} view @param {{occupancy?: number, released?: number}} people */
const inHall = (view, { occupancy = 0, released = 0 }) => ({
  ...view.hall,
  occupancy: Math.max(0, view.hall.occupancy + occupancy),
  released: Math.max(0, view.hall.released + released),
  unsent: true,
});

/** @type {{[kind in Command["kind"]]: (view: any, command: Command) => any}} */
const APPLY = {
  release(view, { tickets = [] }) {
    const known = new Set(view.released.map((/** @type {any} */ ticket) => ticket.id));
    const gone = tickets.filter(({ id }) => !known.has(id));
    const people = gone.reduce((sum, ticket) => sum + ticket.party_size, 0);
    const released = gone.map((ticket) => ({ ...ticket, state: "released", actions: view.once_released, unsent: true }));
    return {
      ...view,
      released: [...view.released, ...released],
      street_people: Math.max(0, view.street_people - people),
      next_group: { ...view.next_group, tickets: [], people: 0, may: { allowed: false }, unsent: true },
      hall: inHall(view, { released: people }),
    };
  },

  entered(view, { ticket: id }) {
    const ticket = view.released.find((/** @type {any} */ one) => one.id === id);
    if (!ticket) return view;
    const inside = { ...ticket, state: "entered", actions: view.once_inside, unsent: true };
    return {
      ...view,
      released: view.released.filter((/** @type {any} */ one) => one !== ticket),
      inside: [...view.inside, inside],
      hall: inHall(view, { occupancy: ticket.party_size, released: -ticket.party_size }),
    };
  },

  left(view, { ticket: id }) {
    const ticket = view.inside.find((/** @type {any} */ one) => one.id === id);
    if (!ticket) return view;
    return {
      ...view,
      inside: view.inside.filter((/** @type {any} */ one) => one !== ticket),
      hall: inHall(view, { occupancy: -ticket.party_size }),
    };
  },

  recount(view, { body }) {
    const counted = body?.occupancy ?? view.hall.occupancy;
    return { ...view, hall: inHall(view, { occupancy: counted + (body?.change ?? 0) - view.hall.occupancy }) };
  },

  start: (view) => ({ ...view, sanitation: { ...view.sanitation, unsent: "start" } }),

  confirm: (view) => ({ ...view, sanitation: { ...view.sanitation, unsent: "confirm" } }),
};

/**
 * Which unsent commands a new one needs: those that brought about what it is about.
 * @param {Command[]} commands @param {Pick<Command, "kind" | "ticket">} next @returns {number[]}
 */
export function needsOf(commands, next) {
  return commands.filter((earlier) => !earlier.sent && bringsAbout(earlier, next)).map(({ id }) => Number(id));
}

/** @param {Command} earlier @param {Pick<Command, "kind" | "ticket">} next */
function bringsAbout(earlier, next) {
  if (next.kind === "confirm") return earlier.kind === "start";
  if (next.kind === "release") return earlier.kind === "release";
  if (next.ticket === undefined) return false;
  return earlier.ticket === next.ticket || (earlier.tickets ?? []).some(({ id }) => id === next.ticket);
}
