() => {
  // Elements that stick out of the window, or cut their own text off.
  const named = (e) => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.trim().slice(0, 40)}`;
  const exempt = (e) => e.closest(".table-scroll, [data-scrolls], .sr-only");
  const wider = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1;
  };
  const cut = (e) => {
    const { overflowX, overflowY } = getComputedStyle(e);
    const hidden = (way) => way === "hidden" || way === "clip";
    return (hidden(overflowX) && e.scrollWidth > e.clientWidth + 1) || (hidden(overflowY) && e.scrollHeight > e.clientHeight + 1);
  };
  const all = [...document.querySelectorAll("body *")].filter((e) => !exempt(e) && !(e instanceof SVGElement));
  return all.filter((e) => wider(e) || cut(e)).map(named).slice(0, 8);
}
