"use strict";
/*
 * The program of the report's page, which holds everything it needs: no framework and no request.
 * Of each table only one page of rows is in the document, so that thousands of tenants are as quick
 * as ten. Text is set as text, never as markup.
 */
(() => {
  const rowsPerPage = 50;
  const { tables } = JSON.parse(document.getElementById("report").textContent);
  const everywhere = document.getElementById("everywhere");
  const levels = ["critical", "high", "medium", "low", "info"];
  const bands = ["expired", "in 7 days", "in 30 days", "in 60 days", "later"];
  const bandClasses = ["expired", "soon", "soon", "next", ""];

  let printing = false;
  const redraws = tables.map(showTable);

  everywhere.addEventListener("input", () => redraws.forEach((redraw) => redraw(true)));
  window.addEventListener("beforeprint", () => {
    printing = true;
    redraws.forEach((redraw) => redraw());
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    redraws.forEach((redraw) => redraw());
  });

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function showTable({ id, title, none, columns, rows }) {
    const place = document.querySelector(`#${id} .table`);
    if (rows.length === 0) {
      place.append(element("p", { textContent: none }));
      return () => undefined;
    }
    const texts = rows.map((row) => row.join("\n").toLowerCase());
    const chosen = new Map();
    const sorting = { column: undefined, descending: false };
    let page = 0;

    const own = element("input", { type: "search", placeholder: "Filter", autocomplete: "off" });
    own.setAttribute("aria-label", `Filter ${title}`);
    own.addEventListener("input", () => draw(true));
    const choices = columns.flatMap((column, at) => choiceOf(column, at));
    const [back, on] = ["Previous", "Next"].map((label, direction) => {
      const button = element("button", { type: "button", textContent: label });
      button.addEventListener("click", () => {
        page += direction === 0 ? -1 : 1;
        draw();
      });
      return button;
    });
    const position = element("span", { className: "position" });
    position.setAttribute("role", "status");
    const heads = columns.map((column, at) => {
      const button = element("button", { type: "button", textContent: column.title });
      button.addEventListener("click", () => {
        sorting.descending = sorting.column === at && !sorting.descending;
        sorting.column = at;
        draw(true);
      });
      return element("th", { scope: "col" }, button);
    });
    const body = element("tbody");
    place.append(
      element("div", { className: "tools" }, own, ...choices, back, on, position),
      element(
        "div",
        { className: "wide" },
        element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body),
      ),
    );
    draw();
    return draw;

    function choiceOf({ title: name, kind }, at) {
      if (kind !== "choice" && kind !== "level") {
        return [];
      }
      const values = [...new Set(rows.map((row) => row[at]))].filter((value) => value !== "");
      if (values.length < 2) {
        return [];
      }
      const select = element(
        "select",
        {},
        element("option", { value: "", textContent: `${name}: all` }),
        ...values.map((value) => element("option", { value, textContent: value })),
      );
      select.setAttribute("aria-label", `${title}: ${name}`);
      select.addEventListener("change", () => {
        chosen.set(at, select.value);
        draw(true);
      });
      return [select];
    }

    function wantedRows() {
      const words = [everywhere.value, own.value].flatMap((text) =>
        text.toLowerCase().split(/\s+/).filter(Boolean),
      );
      const picks = [...chosen].filter(([, value]) => value !== "");
      const wanted = rows.filter(
        (row, at) =>
          words.every((word) => texts[at].includes(word)) &&
          picks.every(([column, value]) => row[column] === value),
      );
      const { column, descending } = sorting;
      if (column !== undefined) {
        const direction = descending ? -1 : 1;
        wanted.sort((a, b) => direction * compare(a[column], b[column], columns[column].kind));
      }
      return wanted;
    }

    function draw(fromStart = false) {
      const wanted = wantedRows();
      const pages = Math.max(1, Math.ceil(wanted.length / rowsPerPage));
      page = fromStart ? 0 : Math.min(Math.max(page, 0), pages - 1);
      const first = page * rowsPerPage;
      const shown = printing ? wanted : wanted.slice(first, first + rowsPerPage);
      body.replaceChildren(...shown.map(rowOf));
      heads.forEach((head, at) => {
        if (at === sorting.column) {
          head.setAttribute("aria-sort", sorting.descending ? "descending" : "ascending");
        } else {
          head.removeAttribute("aria-sort");
        }
      });
      position.textContent =
        wanted.length === 0
          ? "No row fits the filter."
          : `${first + 1} to ${first + shown.length} of ${wanted.length}`;
      back.disabled = page === 0;
      on.disabled = page >= pages - 1;
    }

    function rowOf(row) {
      return element(
        "tr",
        {},
        ...row.map((cell, at) => {
          const { kind, title: name } = columns[at];
          const made = element("td", { textContent: cell });
          made.dataset.column = name;
          made.className =
            kind === "number" ? "number" : kind === "level" ? levelOf(cell) : lengthOf(cell);
          return made;
        }),
      );
    }
  }

  function levelOf(value) {
    return bands.includes(value) ? bandClasses[bands.indexOf(value)] : value;
  }

  function lengthOf(value) {
    if (/^[^ ]{25,}$/.test(value)) {
      return "word";
    }
    return value.length > 60 ? "long" : value.length < 11 ? "short" : "";
  }

  function compare(a, b, kind) {
    if (kind === "level") {
      return rankOf(a) - rankOf(b);
    }
    // What is not known comes last.
    if (a === "" || b === "") {
      return Number(a === "") - Number(b === "");
    }
    return typeof a === "number" && typeof b === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0;
  }

  function rankOf(value) {
    const rank = Math.max(levels.indexOf(value), bands.indexOf(value));
    return rank === -1 ? levels.length : rank;
  }
})();
