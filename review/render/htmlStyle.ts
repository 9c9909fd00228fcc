/** What every page looks like. The colours have a contrast of at least 4.5 to 1. */
export const baseStyle = `
:root { color-scheme: light dark; --text: #1b1b1b; --page: #ffffff; --line: #c8c8c8; --soft: #f3f3f3;
  --critical: #a4001d; --high: #9a3b00; --medium: #6b5300; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --page: #16181b; --line: #4a4d52;
  --soft: #23262a; --critical: #ff8f9c; --high: #ffb27a; --medium: #e6cf7a; --link: #8ec5ff; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); }
@media (max-width: 50rem) { main { padding: 1rem; } thead { display: none; }
  table, tbody, tr, td { display: block; width: auto; } tr { border: 1px solid var(--line); margin: 0 0 1rem; }
  td { border: 0; min-width: 0 !important; padding: 0.2rem 0.6rem; } td:empty { display: none; } }
code { background: var(--soft); padding: 0 0.2rem; box-decoration-break: clone; overflow-wrap: anywhere; white-space: pre-wrap; }
a { color: var(--link); }
.critical, .high { font-weight: 700; } .critical { color: var(--critical); } .high { color: var(--high); }
.medium { color: var(--medium); }
`;

/** Style sheet of the page of reviews. */
export const style = `${baseStyle}
td:nth-child(2) { min-width: 15rem; } td:nth-child(3), td:nth-child(4) { min-width: 9rem; }
td:nth-child(5) { min-width: 16rem; } td:empty { min-width: 0; }
.incomplete { border-left: 4px solid var(--critical); padding-left: 0.6rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); }
.passed { border-left: 4px solid var(--line); padding-left: 0.6rem; }
.decision { font-weight: 700; }
@media (max-width: 50rem) { td:nth-child(3)::before { content: "For: "; }
  td:nth-child(4)::before { content: "Before → after: "; } td:nth-child(5)::before { content: "Why: "; }
  td:empty::before { content: none; } }
.parts > summary { cursor: pointer; margin: 0.8rem 0; }
@media print { details > summary { display: none; } details::details-content { content-visibility: visible; }
  a[href]::after { content: " (" attr(href) ")"; overflow-wrap: anywhere; } }
`;
