// Presses that people meant: of a double click only the first counts, for what stands under the
// pointer by then may be another button.

/** Within this time and distance two taps are one: a touch screen does not count them itself. */
const DOUBLE_MS = 350;
const NEAR_PX = 30;

/** @type {WeakSet<Event>} */
const doubled = new WeakSet();
let before = { at: -DOUBLE_MS, x: 0, y: 0 };

/** @param {PointerEvent} event */
function follows({ pointerType, timeStamp, clientX, clientY }) {
  const soon = timeStamp - before.at < DOUBLE_MS;
  return pointerType === "touch" && soon && Math.hypot(clientX - before.x, clientY - before.y) < NEAR_PX;
}

document.addEventListener(
  "click",
  (click) => {
    const event = /** @type {PointerEvent} */ (click);
    if (event.detail > 1 || follows(event)) doubled.add(event);
    before = { at: event.timeStamp, x: event.clientX, y: event.clientY };
  },
  true,
);

/** Whether a click came with the one before it. @param {Event} event */
export const isDoubled = (event) => doubled.has(event);
