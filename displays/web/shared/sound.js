// One note, as a loudspeaker of a browser plays it.

const RISE_S = 0.02;
const FADED_S = 0.7;
const SILENT = 0.0001;

/** @param {AudioContext} context @param {number} hertz @param {number} at in seconds of the context's clock @param {number} [fadedAfter] seconds */
export function note(context, hertz, at, fadedAfter = FADED_S) {
  const [tone, loudness] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(SILENT, at);
  loudness.gain.exponentialRampToValueAtTime(0.5, at + RISE_S);
  loudness.gain.exponentialRampToValueAtTime(SILENT, at + fadedAfter);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + fadedAfter + 0.05);
}
