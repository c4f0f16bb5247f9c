extension PageStyle {
  /// Plots, what chooses them, and the table.
  static let statistics = HTML(
    verbatim: #"""
      fieldset { border: 0; margin: 0; min-width: 0; padding: 0; }
      legend { color: var(--quiet); font-size: .875rem; padding: 0 0 .5rem; }
      .views { margin-top: 2rem; }
      .views div { display: flex; flex-wrap: wrap; gap: .5rem; }
      .views label, .layers label { cursor: pointer; position: relative; }
      .views input, .layers input { cursor: pointer; inset: 0; margin: 0; opacity: 0;
        position: absolute; }
      .views span { border: 1px solid var(--rule); border-radius: 2rem; display: block;
        line-height: 1.3; padding: .5rem 1.1rem; }
      .views :checked + span { background: var(--ink); border-color: var(--ink);
        color: var(--paper); }
      label :focus-visible + span { outline: 3px solid var(--focus); outline-offset: 2px; }
      .bench { display: grid; gap: 2.5rem; margin-top: 2rem; }
      .layers div { display: flex; gap: .5rem; overflow-x: auto; padding: 5px; margin: -5px; }
      .layers label { flex: none; }
      .layers span { background: var(--raised); border: 1px solid var(--rule); border-radius: 6px;
        display: block; font-size: .8rem; padding: .4rem .6rem .5rem; width: 7.5rem; }
      .layers :checked + span { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
      .layers canvas { display: block; height: 4rem; margin-top: .2rem; width: 100%; }
      .stage { min-width: 0; }
      .bar { align-items: baseline; display: flex; flex-wrap: wrap; gap: .5rem 2rem;
        justify-content: space-between; }
      .bar label { color: var(--quiet); font-size: .875rem; max-width: 100%; }
      select { background: var(--raised); border: 1px solid var(--rule); border-radius: 6px;
        color: var(--ink); font: inherit; margin-left: .4rem; max-width: min(16rem, 100%);
        padding: .35rem .5rem; }
      .plots { cursor: crosshair; margin-top: 1rem; touch-action: pan-y; }
      .plot { position: relative; }
      .plot + .plot { margin-top: 1rem; }
      .plot p { color: var(--quiet); font-size: .875rem; }
      .plot p span { color: var(--accent); }
      .plot canvas { display: block; height: 13.5rem; width: 100%; }
      .plot .lines, .plot .pointer { bottom: 0; left: 0; position: absolute; }
      .has-highlight .lines { opacity: .6; }
      output { display: block; font-variant-numeric: tabular-nums; margin-top: .75rem; }
      output:empty::before { color: var(--quiet); content: "Point at a line to read it." / ""; }
      output bdi { font-weight: 600; }
      .legend { display: flex; flex-wrap: wrap; font-size: .875rem; gap: .35rem 1.5rem;
        list-style: none; margin: .75rem 0 0; padding: 0; }
      .legend i { border-radius: 2px; display: inline-block; height: 3px; margin-right: .5rem;
        vertical-align: middle; width: 1.4rem; }
      #statistics > h3 { margin-top: 4rem; }
      .wide { margin-top: 1.5rem; overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 44rem;
        overflow-wrap: normal; table-layout: fixed; width: 100%; }
      th, td { border-bottom: 1px solid var(--rule); padding: .45rem .9rem; text-align: right; }
      thead th { color: var(--quiet); font-size: .875rem; font-weight: 400;
        vertical-align: bottom; }
      th:first-child { padding-left: 0; text-align: left; width: 8rem; }
      tbody th { font-weight: 600; }
      th small { color: var(--quiet); display: block; font-weight: 400; }
      thead tr:last-child th { padding-left: .9rem; text-align: right; }
      [rowspan], tbody th { background: var(--paper); left: 0; position: sticky; z-index: 1; }
      td { --share: calc(sqrt(var(--percent, 0)) * 6%);
        background: color-mix(in srgb, var(--accent) min(var(--share), 50%), var(--paper));
        print-color-adjust: exact; }
      @media (min-width: 64rem) {
        .bench { grid-template-columns: 24.5rem minmax(0, 1fr); }
        .layers div { display: grid; grid-template-columns: repeat(3, 1fr); max-height: 37rem;
          overflow-y: auto; }
        .layers span { width: auto; }
        thead th:first-child { width: 14rem; }
        th small { display: inline; margin-left: .4rem; }
      }
      @media print {
        .bench { display: block; }
        .layers, .bar label { display: none; }
      }

      """#)
}
