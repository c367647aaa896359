/** The looks of the reference page: a file of its own, because inline styles are refused. */
export const referenceStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8888; border-radius: 4px; }
h2 { margin-top: 3rem; border-bottom: 1px solid #8888; }
h3 { margin-top: 2rem; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: 0.25rem 1rem 0.25rem 0; vertical-align: top; }
nav a { margin-right: 1rem; }
`;
