"use strict";
// The script of a report: languages, light and dark, and the table of findings. It makes elements and texts, never
// HTML from data, and loads nothing.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const data = (id) => { const e = byId(id); return e ? JSON.parse(e.textContent) : null; };
  const words = data("words");
  const say = (key, values = {}) => {
    const text = (words[root.lang] || words.en)[key] || key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
  };
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null) element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  // Row: what stands at which index; Formats/HTML/FindingRow.swift writes it.
  const [RANK, LEVEL, USAGE, VERDICT, RULE, SCHEME, MASKED, CHANNEL, SENDER, TIME, MESSAGE, PLACE, DOCUMENT,
    CONFIDENCE, CAVEATS, DISGUISE, FINGERPRINT, REVEALED] = Array(18).keys();
  const levels = ["public", "internal", "restricted", "confidential", "secret", "top-secret"];
  const verdicts = ["allow", "log", "warn", "redact", "hold", "block"];
  const columns = [["level", RANK], ["marking", RULE], ["channel", CHANNEL], ["sender", SENDER], ["time", TIME],
    ["place", DOCUMENT], ["verdict", VERDICT]];
  const pageSize = 50, printSize = 500;

  const rows = data("rows"), titles = data("rules") || {};
  const state = { text: "", level: 0, usage: "", scheme: "", sort: 0, down: true, page: 0 };
  let shown = [], order = [], draw = () => {};

  const title = (row) => titles[row[RULE]] || row[RULE];
  const time = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text.slice(0, 10) + " " + text.slice(11, 16) : text;
  const levelMark = (level) => {
    const steps = make("span", { class: "steps", "aria-hidden": "true" });
    for (let step = 0; step < levels.length; step++) steps.append(make("i", { class: step <= level ? "on" : null }));
    return make("span", { class: "level l" + level }, steps, say("level." + levels[level]));
  };
  const excerpt = (parts) =>
    make("span", { class: "revealed" }, parts[0], make("mark", {}, parts[1]), parts[2]);

  // One lower-case text a row, made when it is first searched.
  const haystacks = [];
  const haystack = (index) => haystacks[index] ??= [RULE, MASKED, CHANNEL, SENDER, TIME, MESSAGE, PLACE, DOCUMENT,
    CAVEATS, DISGUISE, FINGERPRINT].map((at) => rows[index][at]).concat(title(rows[index])).join("\n").toLowerCase();

  const select = () => {
    const sought = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    shown = order.filter((index) => {
      const row = rows[index];
      if (row[LEVEL] < state.level || state.usage !== "" && row[USAGE] !== +state.usage) return false;
      if (state.scheme !== "" && row[SCHEME] !== state.scheme) return false;
      return sought.every((word) => haystack(index).includes(word));
    });
  };
  const sort = () => {
    const at = columns[state.sort][1], sign = state.down ? -1 : 1;
    const collator = new Intl.Collator(root.lang, { numeric: true });
    const key = at === RULE ? title : at === DOCUMENT ? (row) => row[DOCUMENT] + " " + row[PLACE] : (row) => row[at];
    // Each text is ranked once; ten thousand comparisons of ranks are nothing.
    const keys = rows.map(key);
    let compare = (a, b) => keys[a] - keys[b];
    if (typeof keys[0] === "string") {
      const ranks = new Map([...new Set(keys)].sort(at === TIME ? undefined : collator.compare).map((k, i) => [k, i]));
      compare = (a, b) => ranks.get(keys[a]) - ranks.get(keys[b]);
    }
    order = [...rows.keys()].sort((a, b) => sign * compare(a, b) || a - b);
  };

  const detail = (row) => {
    const list = make("dl");
    const put = (key, value) => {
      if (value) list.append(make("dt", {}, say("script." + key)), make("dd", {}, value));
    };
    put("rule", make("code", {}, row[RULE]));
    put("confidence", row[CONFIDENCE] + "\u202f%");
    put("message", make("code", {}, row[MESSAGE]));
    put("caveats", row[CAVEATS]);
    put("disguise", row[DISGUISE]);
    put("fingerprint", row[FINGERPRINT] && make("code", {}, row[FINGERPRINT]));
    put("excerpt", row[REVEALED] && excerpt(row[REVEALED]));
    return make("tr", { class: "detail" }, make("td", { colspan: columns.length }, list));
  };
  const line = (index) => {
    const row = rows[index];
    const more = make("button", { type: "button", class: "more", "aria-expanded": "false" }, title(row));
    const result = make("tr", { class: row[USAGE] ? "applied" : "mentioned" },
      make("td", {}, levelMark(row[LEVEL]),
        make("span", { class: "usage" }, say(row[USAGE] ? "usage.applied" : "usage.mentioned"))),
      make("td", {}, more, make("code", {}, row[MASKED])),
      make("td", {}, row[CHANNEL]), make("td", {}, row[SENDER]), make("td", { class: "time" }, time(row[TIME])),
      make("td", {}, ...(row[DOCUMENT] ? [make("b", {}, row[DOCUMENT])] : []), make("span", {}, row[PLACE]),
        make("span", { class: "id" }, row[MESSAGE])),
      make("td", {}, say("verdict." + verdicts[row[VERDICT]])));
    if (row[REVEALED]) result.children[1].append(excerpt(row[REVEALED]));
    more.addEventListener("click", () => {
      const open = more.getAttribute("aria-expanded") === "true";
      more.setAttribute("aria-expanded", String(!open));
      if (open) result.nextElementSibling.remove(); else result.after(detail(row));
    });
    return result;
  };

  const findings = () => {
    const table = byId("table").querySelector("table"), body = table.tBodies[0];
    const controls = byId("controls");
    const count = make("output", { "aria-live": "polite" });
    const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
    const pick = (id, options) => {
      const element = make("select", { id });
      element.addEventListener("change", () => change(id, element.value));
      element.fill = () => {
        const value = element.value;
        element.replaceChildren(...options().map(([value, text]) => make("option", { value }, text)));
        element.value = value || element.options[0].value;
      };
      return element;
    };
    const all = () => ["", say("script.all")];
    const schemes = [...new Set(rows.map((row) => row[SCHEME]))].sort();
    const picks = {
      level: pick("level", () => levels.map((name, index) => [String(index), say("level." + name)])),
      usage: pick("usage", () => [all(), ["1", say("usage.applied")], ["0", say("usage.mentioned")]]),
      scheme: pick("scheme", () => [all(), ...schemes.map((name) => [name, name])]),
    };
    const reset = make("button", { type: "button", id: "reset" });
    const pager = make("nav", { class: "pager" });
    const previous = make("button", { type: "button", id: "page-previous" });
    const next = make("button", { type: "button", id: "page-next" });
    const where = make("span");
    const printed = make("p", { class: "printed" });
    pager.append(previous, where, next);
    byId("table").after(pager, printed);
    const label = (key, control) => make("label", { class: control === search ? "wide" : null },
      make("span", { "data-word": key }), control);
    controls.append(label("script.search", search), label("script.level", picks.level),
      label("script.usage", picks.usage), label("script.scheme", picks.scheme), reset, count);
    controls.hidden = false;
    table.caption.remove();
    byId("table").setAttribute("role", "region");
    byId("table").tabIndex = 0;
    const heads = [...table.tHead.rows[0].cells].map((cell, index) => {
      const button = make("button", { type: "button" });
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        state.down = state.sort === index ? !state.down : index === 0 || index === 6;
        state.sort = index;
        state.page = 0;
        sort();
        select();
        draw();
      });
      return [cell, button];
    });

    const change = (key, value) => {
      state[key] = key === "level" ? +value : value;
      state.page = 0;
      select();
      draw();
    };
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => change("text", search.value), 120);
    });
    const set = (text, level) => {
      search.value = state.text = text;
      picks.level.value = String(state.level = level);
      picks.usage.value = state.usage = "";
      picks.scheme.value = state.scheme = "";
      state.page = 0;
      select();
      draw();
    };
    reset.addEventListener("click", () => { set("", 0); search.focus(); });
    const turn = (by) => { state.page += by; draw(); byId("table").focus({ preventScroll: true }); byId("findings").scrollIntoView(); };
    previous.addEventListener("click", () => turn(-1));
    next.addEventListener("click", () => turn(1));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-find]");
      if (link) set(link.dataset.find, 0);
    });

    const fill = (from, to) => {
      const lines = shown.slice(from, to).map(line);
      if (!lines.length) lines.push(make("tr", {}, make("td", { colspan: columns.length }, say("script.none"))));
      body.replaceChildren(...lines);
    };
    draw = () => {
      const from = state.page * pageSize, to = Math.min(shown.length, from + pageSize);
      fill(from, to);
      heads.forEach(([cell, button], index) => {
        button.textContent = say("column." + columns[index][0]);
        cell.setAttribute("aria-sort", state.sort !== index ? "none" : state.down ? "descending" : "ascending");
      });
      for (const element of controls.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
      for (const element of Object.values(picks)) element.fill();
      search.placeholder = say("script.search-hint");
      reset.textContent = say("script.reset");
      previous.textContent = say("script.previous");
      next.textContent = say("script.next");
      previous.disabled = state.page === 0;
      next.disabled = to >= shown.length;
      const numbers = { n: grouped(shown.length), total: grouped(rows.length), from: grouped(Math.min(from + 1, to)), to: grouped(to) };
      count.textContent = say("script.count", numbers);
      where.textContent = say("script.page", numbers);
      pager.setAttribute("aria-label", say("script.table"));
      byId("table").setAttribute("aria-label", say("script.table"));
      printed.textContent = shown.length > printSize
        ? say("script.printed", { n: grouped(printSize), total: grouped(shown.length) }) : "";
    };
    // On paper there are no pages of fifty.
    addEventListener("beforeprint", () => fill(0, printSize));
    addEventListener("afterprint", () => draw());
    sort();
    select();
  };

  const setLanguage = (language) => {
    root.lang = language;
    document.title = say("title");
    for (const button of document.querySelectorAll("[data-set-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language));
    }
    setTheme(root.dataset.theme);
    draw();
  };
  const themes = ["auto", "light", "dark"];
  const setTheme = (theme) => {
    root.dataset.theme = theme;
    byId("theme").textContent = say("script.theme." + theme);
  };

  const themeButton = document.querySelector("[data-theme-button]");
  themeButton.id = "theme";
  themeButton.addEventListener("click", () =>
    setTheme(themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length]));
  document.querySelector("[data-print]").addEventListener("click", () => print());
  for (const button of document.querySelectorAll("[data-set-language]")) {
    button.addEventListener("click", () => setLanguage(button.dataset.setLanguage));
  }
  document.querySelector(".tools").hidden = false;
  if (rows && rows.length) findings();
  const wanted = root.dataset.language === "fixed" ? [] : navigator.languages || [navigator.language];
  const language = wanted.map((tag) => tag.split("-")[0].toLowerCase()).find((tag) => tag in words);
  setLanguage(language || root.lang);
  root.dataset.ready = String(Math.round(performance.now()));
})();
