// How figures are named: which are told first, and each with its unit.

/** By the names that the service gives them. */
export const HEADLINES = ["came", "served", "wait_total_mean", "wait_total_p90", "peak_street", "peak_hall", "last_out_minute"];

/** @param {{label: string, unit: string}} figure */
export const labelOf = ({ label, unit }) => (unit ? `${label}, ${unit}` : label);
