// The branch as this tablet knows it: from the service where it answers, else as it was kept.
import { useEffect, useRef, useState } from "../vendor/preact.js";
import { Problem } from "../shared/api.js";
import { clock } from "../shared/live.js";
import { keepFresh } from "../shared/refresh.js";

/** The queue's clock for a view that may be hours old, epoch milliseconds. @param {any} view */
export const nowOf = (view) => view.now_ms + (Date.now() - view.readAt) * view.speed;

/** @param {any} view @returns {(string | null | undefined)[]} */
const instants = (view) => [
  view.next_group.may.next_at,
  view.start_sanitation.next_at,
  view.confirm_sanitation.next_at,
  view.sanitation.empty_by,
  ...view.released.map((/** @type {any} */ ticket) => ticket.arrive_by),
];

/**
 * @param {import("../shared/api.js").Api} api @param {string} home @param {string} branch
 * @param {import("./outbox.js").Outbox} outbox @param {() => void} onAnswer the service answers again
 */
export function useDoor(api, home, branch, outbox, onAnswer) {
  const [view, setView] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const look = useRef(async () => {});
  useEffect(() => {
    const load = async () => {
      try {
        const told = await api.get(`${home}/door`, { give_up: 0 });
        const fresh = { ...told, readAt: Date.now(), speed: clock.speed() };
        await outbox.keepView(fresh);
        setView(fresh);
        setProblem(null);
        await outbox.forgetSeen(fresh);
        onAnswer();
        return fresh;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        setProblem(error);
        return null;
      }
    };
    outbox.view().then((kept) => setView((/** @type {any} */ now) => now ?? kept));
    const freshness = keepFresh(branch, load, instants, ({ lastNews }) => {
      if (lastNews) setView((/** @type {any} */ now) => (now && now.speed !== clock.speed() ? { ...now, speed: clock.speed() } : now));
    });
    look.current = freshness.look;
    const lost = () => setProblem(new Problem(0, { type: "offline" }));
    window.addEventListener("offline", lost);
    return () => {
      freshness.stop();
      window.removeEventListener("offline", lost);
    };
  }, [branch]);
  return { view, problem, look: () => look.current() };
}
