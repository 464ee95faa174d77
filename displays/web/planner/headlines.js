// The figures that are told first, by the names that the service gives them.

export const HEADLINES = ["came", "served", "wait_total_mean", "wait_total_p90", "peak_street", "peak_hall", "last_out_minute"];
