"use strict";
// The script of a report: languages, light and dark, and the tables of findings and of rooms. It makes elements and texts, never
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
  const pageSize = 50, printSize = 500;

  const rows = data("rows"), titles = data("rules") || {};
  // What is written anew when the language changes.
  const draws = [];

  const title = (row) => {
    const known = titles[row[RULE]];
    return !known ? row[RULE] : typeof known === "string" ? known : known[root.lang] || known.en;
  };
  // Page/PlaceWords.swift says the same in the rows that need no script.
  const place = (text) => {
    const steps = /^(body|html|subject|channel|attachments\/(\d+))(( .*)?) (\d+):(\d+)$/.exec(text);
    if (!steps) return text;
    const part = steps[2] === undefined ? say("place." + steps[1]) : say("place.attachment", { n: String(+steps[2] + 1) });
    const rest = steps[3].replace(/ \(file name\)$/, " (" + say("place.file-name") + ")");
    return part + rest + ", " + say("place.position", { line: steps[5], column: steps[6] });
  };
  const time = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text.slice(0, 10) + " " + text.slice(11, 16) : text;
  const levelMark = (level) => {
    const steps = make("span", { class: "steps", "aria-hidden": "true" });
    for (let step = 0; step < levels.length; step++) steps.append(make("i", { class: step <= level ? "on" : null }));
    return make("span", { class: "level l" + level }, steps, say("level." + levels[level]));
  };
  const excerpt = (parts) =>
    make("span", { class: "revealed" }, parts[0], make("mark", {}, parts[1]), parts[2]);

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
    return make("tr", { class: "detail" }, make("td", { colspan: 7 }, list));
  };
  // A button that shows what more there is of a row, in a row below it.
  const opener = (text, detail) => {
    const more = make("button", { type: "button", class: "more", "aria-expanded": "false" }, text);
    more.addEventListener("click", () => {
      const open = more.getAttribute("aria-expanded") === "true";
      const line = more.closest("tr");
      more.setAttribute("aria-expanded", String(!open));
      if (open) line.nextElementSibling.remove(); else line.after(detail());
    });
    return more;
  };
  const line = (row) => {
    const more = opener(title(row), () => detail(row));
    const result = make("tr", { class: row[USAGE] ? "applied" : "mentioned" },
      make("td", {}, levelMark(row[LEVEL]),
        make("span", { class: "usage" }, say(row[USAGE] ? "usage.applied" : "usage.mentioned"))),
      make("td", {}, more, make("code", {}, row[MASKED])),
      make("td", {}, row[CHANNEL]), make("td", {}, row[SENDER]), make("td", { class: "time" }, time(row[TIME])),
      make("td", {}, ...(row[DOCUMENT] ? [make("b", {}, row[DOCUMENT])] : []), make("span", {}, place(row[PLACE])),
        make("span", { class: "id" }, row[MESSAGE])),
      make("td", {}, say("verdict." + verdicts[row[VERDICT]])));
    if (row[REVEALED]) result.children[1].append(excerpt(row[REVEALED]));
    return result;
  };

  // A table with search, choices, sorting and pages. The spec says: id, which its elements bear before their names; words,
  // the prefix of its texts; rows; columns, each [name, key of a row, falls at first]; choices, each [name, options, keeps];
  // text of a row in which words are sought; line, the element of a row.
  const grid = (spec) => {
    const { rows, columns } = spec;
    const own = (name) => spec.id + name;
    const holder = byId(own("table")), controls = byId(own("controls"));
    const table = holder.querySelector("table"), body = table.tBodies[0];
    const state = { text: "", sort: spec.sort, down: true, page: 0 };
    let shown = [], order = [];

    // One lower-case text a row, made when it is first searched.
    const haystacks = [];
    const haystack = (index) => haystacks[index] ??= spec.text(rows[index]).toLowerCase();
    const select = () => {
      const sought = state.text.toLowerCase().split(/\s+/).filter(Boolean);
      const kept = spec.choices.map(([name, , keeps]) => [picks[name].value, keeps]);
      shown = order.filter((index) =>
        kept.every(([value, keeps]) => value === "" || keeps(rows[index], value)) &&
        sought.every((word) => haystack(index).includes(word)));
    };
    const sort = () => {
      const key = columns[state.sort][1], sign = state.down ? -1 : 1;
      const collator = new Intl.Collator(root.lang, { numeric: true });
      // Each text is ranked once; ten thousand comparisons of ranks are nothing.
      const keys = rows.map(key);
      let compare = (a, b) => keys[a] - keys[b];
      if (typeof keys[0] === "string") {
        const isTime = columns[state.sort][0] === "time";
        const ranks = new Map([...new Set(keys)].sort(isTime ? undefined : collator.compare).map((k, i) => [k, i]));
        compare = (a, b) => ranks.get(keys[a]) - ranks.get(keys[b]);
      }
      order = [...rows.keys()].sort((a, b) => sign * compare(a, b) || a - b);
    };

    const count = make("output", { "aria-live": "polite" });
    const search = make("input", { type: "search", id: own("search"), autocomplete: "off", spellcheck: "false" });
    const picks = {};
    for (const [name, options] of spec.choices) {
      const element = picks[name] = make("select", { id: own(name) });
      element.addEventListener("change", () => renew());
      element.fill = () => {
        const value = element.value;
        element.replaceChildren(...options().map(([value, text]) => make("option", { value }, text)));
        element.value = value || element.options[0].value;
      };
      element.fill();
    }
    const reset = make("button", { type: "button", id: own("reset") });
    const pager = make("nav", { class: "pager" });
    const previous = make("button", { type: "button", id: own("page-previous") });
    const next = make("button", { type: "button", id: own("page-next") });
    const where = make("span");
    const printed = make("p", { class: "printed" });
    pager.append(previous, where, next);
    holder.after(pager, printed);
    const label = (key, control) => make("label", { class: control === search ? "wide" : null },
      make("span", { "data-word": key }), control);
    controls.append(label("script.search", search),
      ...spec.choices.map(([name]) => label("script." + name, picks[name])), reset, count);
    controls.hidden = false;
    table.caption.remove();
    holder.setAttribute("role", "region");
    holder.tabIndex = 0;
    const heads = [...table.tHead.rows[0].cells].map((cell, index) => {
      const button = make("button", { type: "button" });
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        state.down = state.sort === index ? !state.down : Boolean(columns[index][2]);
        state.sort = index;
        sort();
        renew();
      });
      return [cell, button];
    });

    const fill = (from, to) => {
      const lines = shown.slice(from, to).map((index) => spec.line(rows[index]));
      if (!lines.length) lines.push(make("tr", {}, make("td", { colspan: columns.length }, say(spec.words + "none"))));
      body.replaceChildren(...lines);
    };
    const draw = () => {
      const from = state.page * pageSize, to = Math.min(shown.length, from + pageSize);
      fill(from, to);
      heads.forEach(([cell, button], index) => {
        button.textContent = say("column." + columns[index][0]);
        cell.setAttribute("aria-sort", state.sort !== index ? "none" : state.down ? "descending" : "ascending");
      });
      for (const element of controls.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
      for (const element of Object.values(picks)) element.fill();
      search.placeholder = say(spec.words + "search-hint");
      reset.textContent = say("script.reset");
      previous.textContent = say("script.previous");
      next.textContent = say("script.next");
      previous.disabled = state.page === 0;
      next.disabled = to >= shown.length;
      const numbers = { n: grouped(shown.length), total: grouped(rows.length), from: grouped(Math.min(from + 1, to)), to: grouped(to) };
      count.textContent = say(spec.words + "count", numbers);
      where.textContent = say("script.page", numbers);
      pager.setAttribute("aria-label", say(spec.words + "table"));
      holder.setAttribute("aria-label", say(spec.words + "table"));
      printed.textContent = shown.length > printSize
        ? say(spec.words + "printed", { n: grouped(printSize), total: grouped(shown.length) }) : "";
    };
    const renew = () => {
      state.page = 0;
      select();
      draw();
    };
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.text = search.value; renew(); }, 120);
    });
    const find = (text) => {
      search.value = state.text = text;
      for (const element of Object.values(picks)) element.value = element.options[0].value;
      renew();
    };
    reset.addEventListener("click", () => { find(""); search.focus(); });
    const turn = (by) => { state.page += by; draw(); holder.focus({ preventScroll: true }); holder.closest("section").scrollIntoView(); };
    previous.addEventListener("click", () => turn(-1));
    next.addEventListener("click", () => turn(1));
    // On paper there are no pages of fifty.
    addEventListener("beforeprint", () => fill(0, printSize));
    addEventListener("afterprint", () => draw());
    sort();
    select();
    draws.push(draw);
    return find;
  };

  const all = () => ["", say("script.all")];
  const fromLevel = (at) => ["level", () => levels.map((name, index) => [String(index), say("level." + name)]),
    (row, value) => row[at] >= +value];

  const findings = () => {
    const schemes = [...new Set(rows.map((row) => row[SCHEME]))].sort();
    const find = grid({
      id: "", words: "script.", rows, sort: 0, line,
      columns: [["level", (row) => row[RANK], true], ["marking", title], ["channel", (row) => row[CHANNEL]],
        ["sender", (row) => row[SENDER]], ["time", (row) => row[TIME]],
        ["place", (row) => row[DOCUMENT] + " " + row[PLACE]], ["verdict", (row) => row[VERDICT], true]],
      choices: [fromLevel(LEVEL),
        ["usage", () => [all(), ["1", say("usage.applied")], ["0", say("usage.mentioned")]], (row, value) => row[USAGE] === +value],
        ["scheme", () => [all(), ...schemes.map((name) => [name, name])], (row, value) => row[SCHEME] === value]],
      text: (row) => [RULE, MASKED, CHANNEL, SENDER, TIME, MESSAGE, PLACE, DOCUMENT, CAVEATS, DISGUISE, FINGERPRINT]
        .map((at) => row[at]).concat(title(row)).join("\n"),
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-find]");
      if (link) find(link.dataset.find);
    });
  };

  // Room: what stands at which index; Output/Page/RoomRow.swift of VigieExposure writes it. A figure is [least, most].
  const [NAME, ID, WAY, SURE, HIDDEN, ACCOUNTS, SAID, READ, REQUESTS, FILES, HIGHEST, MARKED, LEVELS, SECRET, DOUBT] = Array(15).keys();
  const ways = ["member", "world-readable", "open", "former", "unknown", "none"];
  const figure = ([least, most]) => least === most ? grouped(least) : grouped(least) + "–" + grouped(most);

  // A name may be of any length: in the table a part will do, the whole stands among the details.
  const cut = (name) => { const letters = [...name]; return letters.length > 120 ? letters.slice(0, 120).join("") + "…" : name; };
  const roomDetail = (row, width) => {
    const list = make("dl");
    const put = (key, value) => {
      if (value) list.append(make("dt", {}, say("rooms." + key)), make("dd", {}, value));
    };
    put("name", cut(row[NAME]) === row[NAME] ? "" : row[NAME]);
    put("id", make("code", {}, row[ID]));
    put("way", say("way-words." + ways[row[WAY]]));
    put("doubt", row[DOUBT] && say("doubt." + row[DOUBT]));
    put("requests", row[READ] && grouped(row[REQUESTS]));
    put("encrypted", row[SECRET][1] ? figure(row[SECRET]) : "");
    for (const [level, least, most] of row[LEVELS]) put("marked", make("span", {}, levelMark(level), ": " + figure([least, most])));
    return make("tr", { class: "detail" }, make("td", { colspan: width }, list));
  };
  const rooms = (rows) => {
    const hasLog = rows.some((row) => row[READ]);
    const most = (at) => (row) => row[at] ? row[at][1] : 0;
    const columns = [["room", (row) => row[NAME]], ["way", (row) => row[WAY]], ["could", most(SAID), true],
      ...(hasLog ? [["did", most(READ), true]] : []), ["files", most(FILES), true], ["accounts", most(ACCOUNTS), true],
      ["marked", (row) => row[MARKED][1] * 8 + row[HIGHEST], true]];
    const roomLine = (row) => {
      const number = (at, isAlarm) => make("td", { class: "number" + (isAlarm ? " alarm" : "") }, figure(row[at]));
      const marked = make("td", { class: "number" });
      if (row[HIGHEST]) marked.append(figure(row[MARKED]), " ", levelMark(row[HIGHEST])); else marked.append("–");
      return make("tr", {},
        make("th", { scope: "row" }, opener(cut(row[NAME]), () => roomDetail(row, columns.length))),
        make("td", {}, say("way." + ways[row[WAY]]), row[SURE] ? "" : " ?", row[HIDDEN] ? ", " + say("rooms.hidden") : ""),
        number(SAID), ...(hasLog ? [number(READ, row[READ][0] > 0)] : []), number(FILES), number(ACCOUNTS), marked);
    };
    grid({
      id: "rooms-", words: "rooms.", rows, columns, sort: columns.length - 1, line: roomLine,
      choices: [fromLevel(HIGHEST),
        ["way", () => [all(), ...ways.map((name, index) => [String(index), say("way." + name)])
          .filter(([value]) => rows.some((row) => row[WAY] === +value))], (row, value) => row[WAY] === +value],
        ...(hasLog ? [["read", () => [all(), ["2", say("rooms.read-sure")], ["1", say("rooms.read-maybe")], ["0", say("rooms.read-not")]],
          (row, value) => (row[READ][0] > 0 || row[REQUESTS] > 0 ? 2 : row[READ][1] > 0 ? 1 : 0) === +value]] : [])],
      text: (row) => row[NAME] + "\n" + row[ID],
    });
  };

  const setLanguage = (language) => {
    root.lang = language;
    document.title = say("title");
    for (const button of document.querySelectorAll("[data-set-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language));
    }
    setTheme(root.dataset.theme);
    for (const draw of draws) draw();
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
  const reached = data("reached");
  if (reached && reached.length) rooms(reached);
  const wanted = root.dataset.language === "fixed" ? [] : navigator.languages || [navigator.language];
  const language = wanted.map((tag) => tag.split("-")[0].toLowerCase()).find((tag) => tag in words);
  setLanguage(language || root.lang);
  root.dataset.ready = String(Math.round(performance.now()));
})();
