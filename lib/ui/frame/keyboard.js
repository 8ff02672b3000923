// "/" goes to the search from anywhere, Enter in it opens the order that is meant, and the search has the
// focus on arrival, as have the boxes of other pages and what comes next in guest access. What is found is
// told to screen readers. Back leads from an order to the list at once. On a phone the menu gives way to the page that
// was chosen in it.
(() => {
  if (window.orderDeskKeyboard) return;
  window.orderDeskKeyboard = true;
  const search = () => document.querySelector(".st-key-orders_search input");
  const next = () => document.querySelector([
    ".st-key-orders_search input", ".st-key-tracking_pasted input", ".st-key-guest_order_number input",
    ".st-key-guest_code input", ".st-key-guest_details h2", ".st-key-order_correct_email input",
    ".st-key-order_number input",
  ].join());
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");
  const isFree = () => [document.body, null].includes(document.activeElement);
  const go = (box) => {
    if (box.matches("h2")) box.tabIndex = -1;
    box.focus({ preventScroll: true });
    box.select?.();
  };
  // Arriving by the menu, or by a button that makes way for what comes next.
  const isPassing = (box) => document.activeElement.closest(
    box === search() ? "nav, [data-testid=stSidebarNav]" : "nav, [data-testid=stSidebarNav], button, [role=dialog]");
  const note = () => document.querySelector('[class*="st-key-order_note_"] textarea');
  let known = null, wanted = false, noted = null;

  new MutationObserver(() => {
    for (const place of document.querySelectorAll('[class*="st-key-live_"]:not([role])')) place.role = "status";
    // Once a note is added, an empty box takes the place of the one that it was written in.
    if (noted && !noted.isConnected && note()) {
      if (isFree()) note().focus({ preventScroll: true });
      noted = null;
    }
    const box = next();
    if (box === known) return;
    known = box;
    const hasKeys = matchMedia("(hover: hover)").matches;
    if (box && (wanted || (hasKeys && (isFree() || isPassing(box))))) go(box);
    wanted = false;
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === note()) noted = note();
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target === search()) {
      // After Streamlit's own handler, which sends what was typed.
      setTimeout(() => document.querySelector(".st-key-orders_find button")?.click());
    } else if (event.key === "/" && !isTyping(event.target) && !document.querySelector("[role=dialog]")) {
      event.preventDefault();
      if (search()) return go(search());
      wanted = true;
      document.querySelector("[data-testid=stSidebarNavLink]")?.click();
    }
  });

  // Opening an order makes two entries in the history, the first at the page that one comes from: Back would
  // lead there, and only a second Back away. The second entry takes the first one's place.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const halfWay = new URLSearchParams(location.search).has("order") && !location.pathname.endsWith("/order");
    return halfWay ? history.replaceState(state, title, url) : push(state, title, url);
  };

  document.addEventListener("click", (event) => {
    if (innerWidth < 768 && event.target.closest?.("[data-testid=stSidebarNavLink]"))
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });
})();
