// What is quicker with script; everything here also works without. Loaded in the head and not deferred, so that
// the page is painted once, folded or not, and buttons that need a script never flash up without one.
"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.js = "";

  const stored = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* storage may be switched off */ } },
  };
  if (stored.get("rail") === "1") root.dataset.rail = "";

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  const isPlainKey = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;

  // `command` and `commandfor`, for browsers that do not know them yet.
  const knowsCommand = "command" in HTMLButtonElement.prototype;
  function command(button) {
    const target = document.getElementById(button.getAttribute("commandfor"));
    const name = button.getAttribute("command");
    if (name === "show-modal") target?.showModal();
    else if (name === "close") target?.close();
    else if (name === "toggle-popover") target?.togglePopover();
  }

  // Overviews by keyboard: / searches, j and k go from row to row, Enter opens (it is a link), v shows a row by itself
  // and leads back; there j and k, as the arrows, turn to its neighbours. Escape lets go.
  function rowLinks() {
    return [...document.querySelectorAll("[data-rows] :is(tbody > tr > th, .tile > header :is(h2, h3)) > a")];
  }
  const isIn = (link) => link.closest("tr, .tile").contains(document.activeElement);
  function move(step) {
    const links = rowLinks();
    if (!links.length) return turn(step);
    const next = links[Math.min(Math.max(links.findIndex(isIn) + step, 0), links.length - 1)];
    next.focus();
    next.closest("tr, .tile").scrollIntoView({ block: "nearest" });
    return true;
  }
  function turn(step) {
    const way = document.querySelector("[data-single]")?.parentNode.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
    way?.click();
    return Boolean(way);
  }
  function single() {
    const back = document.querySelector("a[data-back]");
    const button = document.querySelector(".one");
    if (!back && !button) return false;
    if (back) back.click();
    else {
      button.value = Math.max(rowLinks().findIndex(isIn), 0) + 1;
      button.form.requestSubmit(button);
    }
    return true;
  }
  function point(event) {
    const link = event.target.closest?.("[data-rows] tbody > tr")?.querySelector(":scope > th > a");
    const button = link && document.querySelector(".one");
    if (!button || link.parentNode.contains(button)) return;
    button.value = rowLinks().indexOf(link) + 1;
    link.parentNode.append(button);
  }
  document.addEventListener("pointerover", point);
  document.addEventListener("focusin", point);
  function byKey(event) {
    if (!isPlainKey(event)) return;
    if (event.key === "Escape" && event.target.matches("input[type=search]") && !event.target.value) {
      event.target.blur();
    }
    if (isTyping(event.target) || stored.get("keys") === "0") return;
    const search = document.getElementById("report-search");
    if (event.key === "/" && search) {
      search.focus();
      search.select();
      event.preventDefault();
    } else if (
      (event.key === "j" && move(1)) || (event.key === "k" && move(-1)) || (event.key === "v" && single()) ||
      (event.key === "ArrowRight" && turn(1)) || (event.key === "ArrowLeft" && turn(-1))
    ) {
      event.preventDefault();
    }
  }

  // Menus: the arrow down opens the menu of a button, and both arrows go through what stands in it.
  function byArrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !isPlainKey(event) || event.target.matches("select, textarea, [type=date], [type=radio]")) return;
    const opener = event.target.closest("button[popovertarget]");
    const menu = event.target.closest(".pop") ?? document.getElementById(opener?.getAttribute("popovertarget"));
    if (!menu?.matches(".pop")) return;
    event.preventDefault();
    if (!menu.matches(":popover-open")) opener.click();
    const stops = [...menu.querySelectorAll("a, button, summary, input, select")].filter((one) =>
      one.checkVisibility());
    const at = stops.indexOf(document.activeElement);
    stops.at(at < 0 && step < 0 ? -1 : (at + step) % stops.length)?.focus();
  }

  // A page that comes again with another state is looked at where the last one was: nothing jumps, and who works by
  // keys goes on from the control used last, or from what stands nearest to it.
  let used = null;
  let isByKey = false;
  function nearest(control) {
    const menu = control.closest("[popover]")?.id;
    if (control.closest(".find")) return ["[data-rows]"];
    if (menu) return [`[popovertarget="${menu}"]`, menu.startsWith("chip-") ? ".chip.add button" : "[data-rows]"];
    if (control.closest(".chip")) return [".chip .x", ".chip.add button"];
    if (control.closest(".seg")) return [".seg [aria-current]"];
    if (control.rel) return [`[rel=${control.rel}]`, ".turn a"];
    return control.name ? [`[name="${control.name}"]:not([type=hidden])`] : [];
  }
  const placed = {
    set: (place) => { try { sessionStorage.setItem("place", JSON.stringify(place)); } catch { /* then it jumps */ } },
    take: () => {
      try {
        const told = sessionStorage.getItem("place");
        sessionStorage.removeItem("place");
        return JSON.parse(told);
      } catch { return null; }
    },
  };
  function leave() {
    if (!used?.closest("main, [popover]")) return;
    const rows = document.querySelector("[data-rows]");
    const top = rows ? Math.min(scrollY, scrollY + rows.getBoundingClientRect().top - 8) : scrollY;
    placed.set({ path: location.pathname, top, left: rows?.scrollLeft, focus: isByKey ? nearest(used) : [] });
  }
  function arrive() {
    const place = placed.take();
    const wrong = document.querySelector("main .errsum") ?? document.querySelector("main [aria-invalid=true]");
    if (wrong) return wrong.focus();
    const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (!isNew || place?.path !== location.pathname || document.querySelector("[autofocus], main [role=alert]")) return;
    scrollTo({ top: place.top, behavior: "instant" });
    document.querySelector("[data-rows]")?.scrollTo(place.left ?? 0, 0);
    const found = place.focus.map((one) => document.querySelector(one));
    found.find((one) => one?.checkVisibility())?.focus({ preventScroll: true });
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 1500);
  }

  // A column's name goes into the formula where the cursor is.
  function insert(text) {
    const formula = document.getElementById("formula");
    formula.setRangeText(text, formula.selectionStart, formula.selectionEnd, "end");
    formula.focus();
  }

  // Columns that stay in place beside the first: each begins where those before it end.
  function freeze() {
    for (const table of document.querySelectorAll("table[data-frozen]")) {
      const heads = [...table.tHead.rows[0].cells].slice(0, Number(table.dataset.frozen));
      let start = 0;
      heads.forEach((head, number) => {
        for (const row of table.rows) {
          const cell = row.cells[number];
          if (!cell || cell.colSpan > 1) continue;
          cell.classList.add("frozen");
          cell.style.insetInlineStart = `${start}px`;
        }
        start += head.offsetWidth;
      });
    }
  }

  // Lines that are put in order by dragging; the buttons beside them do the same.
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-sortable] > li") ?? null;
    if (dragged) dragged.dataset.dragged = "";
  });
  document.addEventListener("dragover", (event) => {
    const line = dragged && event.target.closest?.("[data-sortable] > li");
    if (!line || line.parentNode !== dragged.parentNode) return;
    event.preventDefault();
    const box = line.getBoundingClientRect();
    line.parentNode.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? line : line.nextSibling);
  });
  document.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });

  // The menu of a column leads to that column's filter, and the cursor into it.
  function openFilter(key) {
    const filter = document.querySelector(`#filter details[data-field="${key}"]`);
    if (!filter) return;
    filter.open = true;
    filter.querySelector("select").autofocus = true;
  }

  function reorder(button) {
    const line = button.closest("li");
    if (button.value.endsWith("-up")) line.previousElementSibling?.before(line);
    else line.nextElementSibling?.after(line);
    button.focus();
  }

  // What a form would do, and what a few letters find, is asked of the server as soon as somebody stops typing. An answer
  // to what the form no longer says is asked for again: nothing that was ticked meanwhile is lost.
  const asked = {};
  function said(form, way) {
    const body = new URLSearchParams(new FormData(form));
    if (way) body.set("way", way);
    return String(body);
  }
  async function ask(form, part, way) {
    const mine = asked[part] = (asked[part] ?? 0) + 1;
    await new Promise((later) => setTimeout(later, 300));
    if (mine !== asked[part]) return;
    const body = said(form, way);
    const address = part === "#effect" ? form.dataset.effect : form.action;
    const isSent = part === "#effect" || form.method === "post";
    try {
      const answer = await (isSent
        ? fetch(address, { headers: { Accept: "text/html" }, method: "POST", body: new URLSearchParams(body) })
        : fetch(`${location.pathname}?${body}`, { headers: { Accept: "text/html" } }));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked[part]) return;
      if (body !== said(form, way)) return ask(form, part, way);
      const [there, found] = [document, page].map((one) => one.querySelector(part));
      if (there && found) there.innerHTML = found.innerHTML;
    } catch { /* the button does the same */ }
  }
  function wonder(event) {
    const form = event.target.form;
    const isSearch = event.target.type === "search";
    if (form?.dataset.effect && event.type === "change" && !isSearch) ask(form, "#effect", form.dataset.way);
    if (form?.matches("[data-typed]") && event.type === "input" && isSearch) {
      ask(form, "[data-found]", form.method === "post" ? "letters" : "");
    }
  }
  // What is typed within a part that belongs to a choice makes this choice.
  document.addEventListener("input", (event) => {
    const choice = document.getElementById(event.target.closest("[data-chooses]")?.dataset.chooses);
    if (choice && event.target.value) choice.checked = true;
  });

  // What was changed in a long form and not sent is not left without a word.
  let isSent = false;
  const stood = new Map();
  const written = (form) => String(new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "q")));
  function isUnsent(form) {
    return form.hasAttribute("data-changed") || (stood.has(form) && stood.get(form) !== written(form));
  }
  addEventListener("beforeunload", (event) => {
    if (!isSent && [...document.querySelectorAll("form[data-kept]")].some(isUnsent)) event.preventDefault();
  });
  document.addEventListener("change", wonder);
  document.addEventListener("input", wonder);

  // A theme that is being designed is shown on this page as soon as it can be; one that could not be read is not.
  let trying = 0;
  async function tryOut(form) {
    const mine = ++trying;
    await new Promise((later) => setTimeout(later, 200));
    const address = `${form.dataset.try}?${new URLSearchParams(new FormData(form))}`;
    try {
      if (mine !== trying || (await fetch(address)).status !== 200 || mine !== trying) return;
    } catch { return; /* the button does the same */ }
    const before = [...document.querySelectorAll("link[data-theme]")];
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    sheet.dataset.theme = "";
    sheet.addEventListener("load", () => before.forEach((one) => one.remove()));
    before.at(-1).after(sheet);
    for (const way of document.querySelectorAll("[data-untry]")) way.hidden = false;
  }
  document.addEventListener("input", (event) => {
    const both = event.target.closest("[data-colour]")?.querySelectorAll("input") ?? [];
    for (const one of both) if (/^#[0-9a-f]{6}$/i.test(event.target.value)) one.value = event.target.value;
    if (event.target.form?.dataset.try) tryOut(event.target.form);
  });

  // A file that is too large is told before it travels; the server refuses it all the same.
  function weigh(control) {
    const isTooLarge = [...control.files].some((file) => file.size > Number(control.dataset.largest));
    control.setCustomValidity(isTooLarge ? control.dataset.tooLarge : "");
    control.reportValidity();
  }

  // Files on their way tell how far they are. What comes back is shown as it would have been without this.
  function send(form, submitter) {
    const part = form.querySelector("[data-sending]");
    const bar = part.querySelector("progress");
    const request = new XMLHttpRequest();
    part.hidden = false;
    bar.removeAttribute("value");
    request.upload.addEventListener("progress", (sent) => { bar.value = sent.loaded / sent.total; });
    request.upload.addEventListener("load", () => bar.removeAttribute("value"));
    request.addEventListener("error", () => form.submit());
    request.addEventListener("load", () => {
      part.hidden = true;
      if (request.status < 400) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      document.title = page.title;
      document.querySelector("main").replaceWith(page.querySelector("main"));
      arrive();
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form, submitter));
  }

  // What goes on elsewhere, such as a file being prepared, is asked for again until it stands still.
  async function follow() {
    const part = document.querySelector("[data-live=moving]");
    if (!part) return;
    setTimeout(follow, 2000);
    if (document.hidden || part.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [found, words] = ["[data-live]", "[data-live-words]"].map((one) => page.querySelector(one));
      if (!answer.ok || !found) return;
      part.replaceWith(found);
      const said = document.querySelector("[data-live-words]");
      if (said.textContent !== words.textContent) said.textContent = words.textContent;
    } catch { /* the next time */ }
  }

  // Whether a file is ready is asked on every page, but only while one is being prepared.
  async function listen() {
    const part = document.querySelector("[data-news=moving]");
    if (!part) return;
    setTimeout(listen, 5000);
    if (document.hidden) return;
    try {
      const here = encodeURIComponent(location.pathname + location.search);
      const answer = await fetch(`/exports/notice?next=${here}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-news]");
      const news = found ? found.innerHTML : "";
      if (part.querySelectorAll("a").length !== (found?.querySelectorAll("a").length ?? 0)) part.innerHTML = news;
      part.dataset.news = found ? found.dataset.news : "";
    } catch { /* the next time */ }
  }

  // A choice for all rows of a section becomes a box that tells of them, too: ticked, empty, or something of both.
  const rowsOf = (box) => [...box.closest("tbody").querySelectorAll(`input[type=radio][value="${box.value}"]`)];
  function tell(section) {
    const rows = section.rows.length - 1;
    for (const box of section.querySelectorAll("[data-all]")) {
      const chosen = rowsOf(box).filter((row) => row.checked).length;
      box.checked = chosen > 0 && chosen === rows;
      box.indeterminate = chosen > 0 && !box.checked;
    }
  }
  function gather() {
    for (const box of document.querySelectorAll("[data-all]")) {
      box.type = "checkbox";
      box.removeAttribute("name");
    }
    document.querySelectorAll("tbody:has([data-all])").forEach(tell);
  }
  function chooseAll(box) {
    for (const row of rowsOf(box)) if (!row.disabled) row.checked = true;
    tell(box.closest("tbody"));
  }

  document.addEventListener("click", (event) => {
    used = event.target.closest("a, button");
    if (used?.hasAttribute("data-discards")) isSent = true;
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-sortable] [name=move]")) {
      event.preventDefault();
      reorder(button);
    }
    if (!knowsCommand && button.hasAttribute("commandfor")) command(button);
    if (button.hasAttribute("data-field")) openFilter(button.dataset.field);
    if (button.hasAttribute("data-print")) window.print();
    if (button.hasAttribute("data-copy")) copy(button);
    if (button.hasAttribute("data-insert")) insert(button.dataset.insert);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-kept]")) isSent = true;
    used = event.target.contains(document.activeElement) ? document.activeElement : event.submitter;
    const part = event.target.querySelector("[data-sending]");
    if (!part || event.submitter?.formNoValidate) return;
    event.preventDefault();
    if (part.hidden) send(event.target, event.submitter);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submits]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-largest]")) weigh(event.target);
    if (event.target.matches("[data-all]")) chooseAll(event.target);
    else if (event.target.closest("tbody:has([data-all])")) tell(event.target.closest("tbody"));
    if (event.target.id === "keys") stored.set("keys", event.target.checked ? "1" : "0");
    if (event.target.id === "rail") {
      root.toggleAttribute("data-rail", event.target.checked);
      stored.set("rail", event.target.checked ? "1" : "0");
    }
  });
  document.addEventListener("keydown", byKey);
  document.addEventListener("keydown", byArrow);
  addEventListener("keydown", () => { isByKey = true; }, true);
  addEventListener("pointerdown", () => { isByKey = false; }, true);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => { isSent = false; });
  document.addEventListener("DOMContentLoaded", () => {
    freeze();
    gather();
    document.querySelectorAll("form[data-kept]").forEach((form) => stood.set(form, written(form)));
    arrive();
    // A long menu begins where one is, and the page stays at its top.
    document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", behavior: "instant" });
    const rail = document.getElementById("rail");
    if (rail) rail.checked = root.hasAttribute("data-rail");
    const keys = document.getElementById("keys");
    if (keys) keys.checked = stored.get("keys") !== "0";
    setTimeout(follow, 2000);
    setTimeout(listen, 5000);
  });
})();
