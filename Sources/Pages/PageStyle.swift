/// The page's looks.
enum PageStyle {
  static let all: HTML = "\(base)\(gallery)\(statistics)"

  /// Colours, type, the page's head, the sheet.
  private static let base = HTML(
    verbatim: #"""
      :root {
        color-scheme: light dark;
        --paper: #faf8f4; --raised: #fffefb; --ink: #24211d; --quiet: #6b655c; --rule: #e3ddd2;
        --accent: #b33b20; --focus: #1b5f9e; --line: #4d4841;
        --line-1: #1b659e; --line-2: #bf4a24; --line-3: #2f7d4f; --line-4: #84529a;
        --line-5: #97700d; --line-6: #16808a;
        --serif: "Iowan Old Style", "Palatino Linotype", Palatino, P052, Georgia, serif;
        --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      }
      @media screen and (prefers-color-scheme: dark) {
        :root {
          --paper: #181614; --raised: #211f1c; --ink: #ece7de; --quiet: #a59e93; --rule: #38342f;
          --accent: #f2896a; --focus: #7db8ee; --line: #b9b1a5;
          --line-1: #6fb1e6; --line-2: #f08d67; --line-3: #7cc498; --line-4: #c79adb;
          --line-5: #d9b04c; --line-6: #64c3cc;
        }
      }
      * { box-sizing: border-box; }
      html { background: var(--paper); color: var(--ink); font: 100%/1.6 var(--sans); }
      body { margin: 0 auto; max-width: 80rem; overflow-wrap: anywhere;
        padding: clamp(2rem, 6vw, 4rem) clamp(1.25rem, 4vw, 3.5rem) 6rem; }
      h1, h2, h3 { font-family: var(--serif); font-weight: 500; line-height: 1.15; margin: 0; }
      h1 { font-size: clamp(2.1rem, 5vw, 3.4rem); letter-spacing: -.015em; max-width: 22ch;
        text-wrap: balance; }
      h2 { font-size: 1.9rem; }
      h3 { font-size: 1.3rem; }
      p { margin: 0; }
      a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: .25em; }
      :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
      .brand { color: var(--accent); font-size: .8rem; font-weight: 600; letter-spacing: .14em;
        margin-bottom: 1rem; text-transform: uppercase; }
      pre { font: .875rem/1.6 var(--mono); margin: 1.75rem 0 0; max-width: 80ch;
        white-space: pre-wrap; }
      pre code { font: inherit; }
      dl { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.5rem 0 0; }
      dl:empty { display: none; }
      dt { color: var(--quiet); font-size: .8rem; }
      dd { margin: 0; }
      nav { border-bottom: 1px solid var(--rule); display: flex; flex-wrap: wrap; gap: .5rem 2rem;
        margin-top: 2.5rem; padding-bottom: 1rem; }
      nav a { display: none; padding: .25rem 0; }
      body:has(#pictures) [href="#pictures"], body:has(#sheet) [href="#sheet"],
      body:has(#statistics) [href="#statistics"] { display: block; }
      section { padding-top: 4rem; }
      .lead, .help, .tally { color: var(--quiet); margin-top: .75rem; max-width: 68ch; }
      .help { font-size: .875rem; }
      .sheet { background: none; border: 0; cursor: zoom-in; display: block; margin-top: 2rem;
        padding: 0; }
      .sheet img { display: block; height: auto; max-width: 100%; }
      dialog { background: var(--paper); border: 0; color: inherit; cursor: zoom-out; height: 100%;
        max-height: none; max-width: none; padding: 0; width: 100%; }
      dialog div { display: grid; height: 100%; overflow: auto; place-items: safe center; }
      dialog button { background: var(--ink); border: 0; border-radius: 2rem; color: var(--paper);
        cursor: pointer; font: inherit; padding: .4rem 1.1rem; position: fixed; right: 1.5rem;
        top: 1.25rem; z-index: 1; }
      dialog button:focus-visible { outline-color: var(--accent); }
      @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
      @media print {
        body { max-width: none; padding: 0; }
        :root { --paper: #fff; }
        nav, .help, output:empty { display: none; }
        h2, h3 { break-after: avoid; }
        .sheet, .plot, .picture, tr { break-inside: avoid; }
        section { padding-top: 2rem; }
      }

      """#)
}
