// Laid into each page by bench_clicks: how long from what somebody does until what they asked for is painted.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const known = new Set(); // the orders on the screen
  let wanted = null;

  const finish = () => {
    wanted = null;
    known.clear();
    requestAnimationFrame(() => setTimeout(() => { // by then the frame with it is painted
      sessionStorage.took = now() - Number(sessionStorage.began);
      sessionStorage.removeItem("began");
    }));
  };
  const begin = () => {
    if (wanted && !sessionStorage.began) sessionStorage.began = now();
  };
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, begin, true);

  // A dataframe is painted on a canvas, text by text.
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    if (/^ORD-/.test(text)) {
      if (wanted === "rows" && sessionStorage.began && !known.has(text)) finish();
      known.add(text);
      window.opened ??= performance.now();
    }
    return paint.call(this, text, ...rest);
  };
  const look = () => {
    if (wanted === "order" && sessionStorage.began && document.querySelector('[aria-label="Timeline"]')) finish();
    if (wanted) requestAnimationFrame(look);
  };
  window.arm = (what) => {
    sessionStorage.removeItem("took");
    sessionStorage.removeItem("began");
    wanted = what;
    look();
  };
  // A page of its own, as Django's, is painted whole.
  if (sessionStorage.began) document.addEventListener("DOMContentLoaded", finish);
})();
