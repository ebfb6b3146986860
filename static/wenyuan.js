/* Conveniences: the pages do everything without this. Plain JavaScript for Chromium 86 and later. */
(function () {
  "use strict";

  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const text = (element) => element.textContent.trim();

  const article = find(".paper");
  const marks = article ? all("mark[id]", article) : [];
  const box = find("#q");
  const status = add("p", find("main"));
  status.className = "unseen";
  status.setAttribute("role", "status");

  function add(tag, home) {
    return home.appendChild(document.createElement(tag));
  }

  function button(label, action, home) {
    const made = add("button", home);
    made.type = "button";
    made.textContent = label;
    made.onclick = () => action(made);
  }

  function tell(made, message) {
    const label = made.dataset.label = made.dataset.label || made.textContent;
    status.textContent = made.textContent = message;
    setTimeout(() => { made.textContent = label; status.textContent = ""; }, 2000);
  }

  /* Enter that ends a composition chooses characters; it does not search. */
  if (box) box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });

  /* Completions below the search box: a combobox. Nothing is asked while an input method composes. */

  if (box && window.fetch) (function () {
    const list = add("ul", box.parentNode);
    let asking, waiting, now = -1, typed = box.value;

    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "completions" };
    for (const name in attributes) box.setAttribute(name, attributes[name]);
    list.id = "completions";
    list.className = "completions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "检索词建议");

    function close() {
      clearTimeout(waiting);
      if (asking) asking.abort();
      now = -1;
      list.hidden = true;
      list.textContent = "";
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function take(option) {
      box.value = option.dataset.text;
      close();
      box.form.querySelector("button").click();
    }

    function offer(completions) {
      close();
      completions.forEach((completion, number) => {
        const option = add("li", list);
        option.id = "completion-" + number;
        option.dataset.text = completion.text;
        option.textContent = completion.text;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const kind = { title: "题名", heading: "标题" }[completion.kind];
        if (kind) {
          const note = add("span", option);
          note.className = "reason";
          note.textContent = " " + kind;
        }
        option.onmousedown = (event) => event.preventDefault();
        option.onclick = () => take(option);
      });
      list.hidden = !completions.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      if (completions.length) status.textContent = completions.length + " 条建议，用上下键选择";
    }

    function ask() {
      const query = box.value.trim();
      if (!/[\p{L}\p{N}]/u.test(query) || query.length > 50) return close();
      if (asking) asking.abort();
      asking = new AbortController();
      fetch(box.dataset.completions + "?q=" + encodeURIComponent(query), { signal: asking.signal })
        .then((answer) => answer.ok ? answer.json() : { completions: [] })
        .then((found) => { if (document.activeElement === box) offer(found.completions); })
        .catch(() => {});
    }

    function move(step) {
      const options = [...list.children];
      if (now >= 0) options[now].setAttribute("aria-selected", "false");
      else typed = box.value;
      now = (now + 1 + step + options.length + 1) % (options.length + 1) - 1;
      box.value = now < 0 ? typed : options[now].dataset.text;
      if (now < 0) return box.removeAttribute("aria-activedescendant");
      options[now].setAttribute("aria-selected", "true");
      options[now].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", options[now].id);
    }

    function later(event) {
      if (event.isComposing) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, 120);
    }

    box.addEventListener("input", later);
    box.addEventListener("compositionend", () => later({}));
    box.addEventListener("blur", close);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) move(step);
      else if (event.key === "Escape") {
        if (now >= 0) box.value = typed;
        close();
      } else return;
      event.preventDefault();
    });
  })();

  /* Copying with the source */

  function copy(made, words, title, path, date) {
    const cited = words + "\n——《" + [title + "》", path.join(" › "), date && text(date)].filter(Boolean).join("，");
    const byHand = () => {
      const area = add("textarea", document.body);
      area.className = "unseen";
      area.value = cited;
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      made.focus();
      tell(made, done ? "已复制" : "复制失败");
    };
    if (navigator.clipboard) navigator.clipboard.writeText(cited).then(() => tell(made, "已复制"), byHand);
    else byHand();
  }

  for (const hit of all(".hit")) {
    button("复制并注明出处", (made) => {
      copy(made, text(find(".text", hit)), text(find("h2", hit)), all(".path li", hit).map(text), find("time", hit));
    }, find(".actions", hit));
  }

  /* The headings above a place: the last section begun before it and those around that one, as many as its passage has. */
  function path(place) {
    const begun = (element) => element.contains(place) ||
      place.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
    const passage = all(".passage", article).filter(begun).pop();
    const open = [];
    for (const entry of all(".outline li")) {
      const link = find("a", entry);
      const anchor = find(link.hash);
      if (!begun(anchor)) break;
      open.length = entry.className.match(/\d+/)[0] - 1;
      open.push({ anchor, title: text(link) });
    }
    if (!passage) return [];
    const depth = article.dataset.depths.split(" ")[passage.id.slice(1) - 1];
    const within = open.some((section) => passage.contains(section.anchor));
    return open.slice(0, within ? open.length : depth).map((section) => section.title);
  }

  /* What is selected, else the passage that the address names, else that of the current match */
  function chosen() {
    const selection = getSelection();
    if (!selection.isCollapsed && article.contains(selection.anchorNode)) {
      return [String(selection).trim(), selection.getRangeAt(0).startContainer];
    }
    const passage = find(".passage:target") || marks[at] && marks[at].closest(".passage");
    return passage && [text(passage), passage.firstChild];
  }

  /* Moving between the matches of a document or the hits of a list */

  let at = -1;
  let position;

  function show() {
    /* The address names a match, or the passage of the hit that was opened: its first match is then the current one. */
    const named = /^#[hp]\d+$/.test(location.hash) ? marks.findIndex((mark) => mark.closest(location.hash)) : -1;
    if (named >= 0) at = named;
    position.textContent = (at < 0 ? "–" : at + 1) + " / " + marks.length;
  }

  function toMatch(step) {
    if (at < 0) {
      const below = marks.findIndex((mark) => mark.getBoundingClientRect().top > 0);
      at = below < 0 ? 0 : step > 0 ? below - 1 : below;
    }
    at = (at + step + marks.length) % marks.length;
    const folded = marks[at].closest("details");
    if (folded) folded.open = true;
    location.replace("#" + marks[at].id);
  }

  function toHit(step) {
    const links = all(".hit h2 a");
    const now = links.findIndex((link) => link.closest(".hit").contains(document.activeElement));
    const link = links[now < 0 && step < 0 ? links.length - 1 : now + step];
    if (link) link.focus();
  }

  if (article) {
    const tools = find(".actions", article);
    button("复制并注明出处", (made) => {
      const found = chosen();
      if (found) copy(made, found[0], article.dataset.title, path(found[1]), find("time", article));
      else tell(made, "请先选中文字");
    }, tools);
    button("打印", () => print(), tools);
  }

  if (marks.length) {
    const moves = find(".moves");
    moves.textContent = "";
    button("上一处", () => toMatch(-1), moves);
    position = add("output", moves);
    button("下一处", () => toMatch(1), moves);
    addEventListener("hashchange", show);
    show();
  }

  /* Keys; single letters can be switched off (WCAG 2.1.4). */

  let keys = localStorage.keys !== "off";
  const label = () => "快捷键（/ 检索，j k 上下移动）：" + (keys ? "开" : "关");
  button(label(), (made) => {
    keys = !keys;
    made.textContent = label();
    localStorage.keys = keys ? "on" : "off";
  }, find(".bottom"));

  addEventListener("keydown", (event) => {
    if (!keys || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (event.key === "/") {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (step && marks.length) toMatch(step);
    else if (step && !article) toHit(step);
  });
})();
