/* Headway's own script: everything here improves a page that works without it.
 * It finds its places by data attributes and ARIA, never by looks. No inline handlers, no eval. */
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, handler, capture) => document.addEventListener(type, handler, capture);
  const recall = (key, store = localStorage) => { try { return store.getItem(`headway.${key}`); } catch { return null; } };
  const keep = (key, value, store = localStorage) => {
    try {
      if (value === null) store.removeItem(`headway.${key}`);
      else store.setItem(`headway.${key}`, value);
    } catch { /* storage is blocked: forget */ }
  };

  /* ---- theme: data-theme-choice="light|dark|system" ---- */
  const showTheme = () => {
    const chosen = root.dataset.theme || "system";
    for (const button of $$("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  };
  const chooseTheme = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    keep("theme", theme === "system" ? null : theme);
    showTheme();
  };

  /* ---- menus close when one clicks or tabs elsewhere ---- */
  const closeMenus = (except) => {
    for (const menu of $$("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
  };

  /* ---- toasts: leave after ten seconds, unless somebody is reading them ---- */
  const startToast = (toast) => {
    if (toast.dataset.started || toast.matches(".bad")) return;
    toast.dataset.started = "yes";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
    setTimeout(leave, 10_000);
  };
  const say = (sentence) => {
    const place = $("#toasts");
    if (!place) return;
    const toast = Object.assign(document.createElement("div"), { className: "toast" });
    toast.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    place.append(toast);
    startToast(toast);
  };

  /* ---- drafts: <form data-draft="key"> survives a reload, until it is sent ---- */
  const draftFields = (form) => $$("input, select, textarea", form).filter((field) =>
    field.name && !/^(password|hidden|file|submit)$/.test(field.type));
  const restoreDraft = (form) => {
    const saved = JSON.parse(recall(`draft.${form.dataset.draft}`, sessionStorage) || "null");
    if (!saved) return;
    draftFields(form).forEach((field, index) => {
      if (!(index in saved)) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = saved[index];
      else field.value = saved[index];
    });
  };
  const saveDraft = (form) => keep(`draft.${form.dataset.draft}`, JSON.stringify(draftFields(form).map((field) =>
    (/^(checkbox|radio)$/.test(field.type) ? field.checked : field.value))), sessionStorage);

  /* ---- command palette: a combobox over a listbox that the server fills ---- */
  const palette = $("#palette");
  const options = () => $$('a[role="option"]', palette);
  const select = (option) => {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    const input = $("input", palette);
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const openPalette = () => {
    if (!palette || palette.open) return;
    closeMenus();
    palette.showModal();
    const input = $("input", palette);
    input.select();
    input.dispatchEvent(new Event("palette"));
  };
  const steer = (event) => {
    const list = options();
    const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: (at + 1) % list.length, ArrowUp: (at <= 0 ? list.length : at) - 1 }[event.key];
    if (to !== undefined && list.length) {
      event.preventDefault();
      select(list[to]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (list[at]) list[at].click();
    }
  };

  /* ---- single keys: g then a letter goes to a place; they can be switched off ---- */
  let going = 0;
  const singleKeys = () => recall("keys") !== "off";
  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");
  const pressKey = (event) => {
    if (!singleKeys() || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") $("#keys")?.showModal();
    else if (event.key === "g") going = Date.now();
    else if (Date.now() - going < 1500) {
      going = 0;
      $(`[data-key="${CSS.escape(event.key)}"]`)?.click();
    }
  };

  /* ---- inline edit: Escape gives the old cell back, focus returns to it after a save ---- */
  const cancelCell = (form) => $("[data-cancel]", form)?.click();

  const arrive = (within) => {
    for (const toast of $$(".toast", document)) startToast(toast);
    for (const form of $$("form[data-draft]", within)) restoreDraft(form);
    $("[data-focus]", within)?.focus();
  };

  on("click", async (event) => {
    const target = event.target;
    closeMenus(target);
    const choice = target.closest("[data-theme-choice]");
    if (choice) chooseTheme(choice.dataset.themeChoice);
    if (target.closest("[data-open-palette]")) openPalette();
    if (target.closest("[data-open-keys]")) { closeMenus(); $("#keys")?.showModal(); }
    if (target.closest("[data-dismiss]")) target.closest(".toast")?.remove();
    if (target.closest("[data-print]")) window.print();
    if (target instanceof HTMLDialogElement) target.close(); /* the backdrop */
    const copy = target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      say("Copied.");
    }
  });

  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (palette?.open && palette.contains(event.target)) steer(event);
    else if (event.key === "Escape" && event.target.closest(".cell-form")) cancelCell(event.target.closest("form"));
    else if (event.key === "Escape" && $("details.menu[open]")) {
      const summary = $("details.menu[open] > summary");
      closeMenus();
      summary.focus();
    } else pressKey(event);
  });

  on("focusin", (event) => closeMenus(event.target));
  on("input", (event) => { const form = event.target.closest("form[data-draft]"); if (form) saveDraft(form); });
  on("submit", (event) => { if (event.target.dataset.draft) keep(`draft.${event.target.dataset.draft}`, null, sessionStorage); });
  on("change", (event) => {
    if (event.target.matches("[data-single-keys]")) keep("keys", event.target.checked ? null : "off");
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  const answered = (xhr) => [409, 422].includes(xhr.status) || xhr.getResponseHeader("HX-Retarget");

  /* htmx: new content arrived; or the server could not answer */
  on("htmx:afterSettle", (event) => {
    arrive(event.target);
    if (event.target.id === "palette-results") select(options()[0]);
  });
  on("htmx:beforeSwap", (event) => {
    /* a form to correct comes back as 409 or 422; any other error brings its own toast */
    if (answered(event.detail.xhr)) event.detail.shouldSwap = true;
  });
  on("htmx:responseError", (event) => {
    if (!answered(event.detail.xhr)) say("The server could not do this. Reload the page and try again.");
  });
  on("htmx:sendError", () => say("The server cannot be reached. Check the connection and try again."));

  const box = $("[data-single-keys]");
  if (box) box.checked = singleKeys();
  showTheme();
  arrive(document);
})();
