import { baseStyle } from "../../review/render/htmlStyle";

/** Style sheet of the report's page: one style for screen, narrow screen and paper. */
export const reportStyle = `${baseStyle}
main { max-width: 96rem; }
.made, .legend, .position { opacity: 0.85; font-size: 0.9rem; }
.note { border-left: 4px solid var(--high); padding-left: 0.6rem; }
.filter { position: sticky; top: 0; background: var(--page); padding: 0.5rem 0; margin: 0; z-index: 1; }
.filter input { width: min(30rem, 100%); }
input, select, button { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line);
  border-radius: 4px; padding: 0.3rem 0.5rem; max-width: 100%; box-sizing: border-box; }
button { cursor: pointer; } button:disabled { opacity: 0.4; cursor: default; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
nav a { display: inline-block; margin: 0 0.8rem 0.3rem 0; }
th button { border: 0; background: none; padding: 0; font-weight: 700; text-align: left; white-space: nowrap; }
th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
td { overflow-wrap: break-word; font-size: 0.92rem; max-width: 26rem; } td.number { text-align: right; }
td.long { min-width: 14rem; } td.word { min-width: 11rem; overflow-wrap: anywhere; }
td.short { white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; margin: 0.6rem 0; }
.expired { color: var(--critical); font-weight: 700; } .soon { color: var(--high); font-weight: 700; }
.next { color: var(--medium); } .later { color: var(--link); }
.timeline { width: 100%; height: auto; max-height: 16rem; } .timeline rect { fill: currentColor; }
.timeline text { fill: var(--text); font-size: 12px; } .timeline line { stroke: var(--line); }
@media (max-width: 50rem) { td { max-width: none; text-align: left !important; }
  td::before { content: attr(data-column) ": "; font-weight: 400; color: var(--text); opacity: 0.75; }
  .timeline { max-height: none; } .timeline text { font-size: 26px; } }
@media print { .filter, .tools, nav { display: none; } main { max-width: none; padding: 0; }
  body { font-size: 9pt; } td { orphans: 4; widows: 4; } thead { display: table-header-group; } }
`;
