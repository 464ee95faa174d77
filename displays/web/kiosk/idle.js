// A kiosk that somebody has left goes back to its beginning.
import { useEffect, useRef, useState } from "../vendor/preact.js";

const WARNING_SECONDS = 10;
const SIGNS = ["click", "keydown", "wheel", "touchmove"];

/** Seconds without a sign of anybody, settable in the address. */
export const idleSeconds = () => Number(new URLSearchParams(location.search).get("idle")) || 60;

/**
 * Calls `onIdle` when nobody has touched anything for so long; returns the seconds left once they are few, else null.
 * @param {number} seconds @param {boolean} active whether there is anything to go back from
 * @param {() => void} onIdle @returns {number | null}
 */
export function useIdle(seconds, active, onIdle) {
  const [left, setLeft] = useState(/** @type {number | null} */ (null));
  const act = useRef(onIdle);
  act.current = onIdle;
  useEffect(() => {
    if (!active) return undefined;
    let until = performance.now() + seconds * 1000;
    const touched = () => {
      until = performance.now() + seconds * 1000;
      setLeft(null);
    };
    const look = () => {
      const rest = Math.ceil((until - performance.now()) / 1000);
      if (rest <= 0) act.current();
      else setLeft(rest <= Math.min(WARNING_SECONDS, seconds / 2) ? rest : null);
    };
    const timer = setInterval(look, 250);
    SIGNS.forEach((sign) => addEventListener(sign, touched));
    return () => {
      clearInterval(timer);
      SIGNS.forEach((sign) => removeEventListener(sign, touched));
      setLeft(null);
    };
  }, [seconds, active]);
  return left;
}
