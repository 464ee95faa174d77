// Paper: by the printing agent beside the kiosk, or by the browser.

/** @typedef {{number: string, title: string, lines: string[], url: string, footer: string}} Slip */
/** @typedef {"printed" | "sent" | "paper_out" | "cover_open" | "unreachable" | "failed"} PrintResult */

/** Longer than the agent waits for a printer at most. */
const PATIENCE_MS = 40_000;

/** How this kiosk prints: `browser`, the port of its agent, or null for not at all. */
export function printer() {
  const given = new URLSearchParams(location.search).get("printer");
  return given === "browser" || /^\d{2,5}$/.test(given ?? "") ? given : null;
}

/** Prints a slip and says what became of it. @param {string} by @param {Slip} slip @returns {Promise<PrintResult>} */
export async function print(by, slip) {
  if (by === "browser") {
    window.print();
    return "sent"; // A browser does not tell whether anything came out.
  }
  try {
    const answer = await fetch(`http://127.0.0.1:${by}/print`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(slip),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return (await answer.json()).result;
  } catch {
    return "unreachable";
  }
}
