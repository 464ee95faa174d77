// `?demo=BRANCH`: takes a ticket as a visitor of the demo's kiosk would, and shows it.
import { apiAs } from "../shared/api.js";

/** @param {string} branch @param {string} language the ticket's @returns {Promise<void>} */
export async function takeDemoTicket(branch, language) {
  const demo = await (await fetch("/demo.json")).json();
  const api = apiAs(demo.tokens.kiosk, language);
  const kiosk = await api.get(`/v1/branches/${branch}/kiosk`);
  const given = kiosk.services.filter((/** @type {{online_only: boolean}} */ service) => !service.online_only);
  const service = given.find((/** @type {{code: string}} */ one) => one.code === "passport") ?? given[0];
  const ticket = await api.post(`/v1/branches/${branch}/tickets`, { service: service?.code, language, despite_closing: true });
  location.replace(`/ticket/?${new URLSearchParams({ branch, id: ticket.id })}`);
}
