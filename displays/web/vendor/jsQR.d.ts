// What the door's page uses of jsQR, which puts its one function on the window.
declare global {
  interface Window {
    jsQR(pixels: Uint8ClampedArray, width: number, height: number): { data: string } | null;
  }
}
export {};
