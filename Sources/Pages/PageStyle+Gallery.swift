extension PageStyle {
  /// Pictures in rows of about one height, each with its slider.
  static let gallery = HTML(
    verbatim: #"""
      /* What is known last stands first. */
      #pictures { display: flex; flex-direction: column; }
      #pictures h2 { order: -2; }
      #pictures .tally { order: -1; }
      .switch { align-items: center; color: var(--quiet); display: none; font-size: .875rem;
        gap: .6rem; margin-top: 1rem; }
      @media screen { body:has(.ring) .switch { display: flex; } }
      .switch input { accent-color: var(--accent); height: 1.1rem; margin: 0; width: 1.1rem; }
      body:has(#marks:not(:checked)) .ring { display: none; }
      .gallery { display: flex; flex-wrap: wrap; gap: 2.75rem 2rem; margin-top: 2rem; }
      /* Where there are rows, the last one keeps the others' height. */
      .gallery:has(> :nth-child(4))::after { content: ""; flex: 100000 0 0; }
      .picture { --ratio: clamp(.6, calc(var(--w, 3) / var(--h, 2)), 2.4);
        flex: calc(100 * var(--ratio)) 1 min(100%, calc(var(--ratio) * 15rem)); margin: 0;
        max-width: calc(var(--w, 240) * 2px); min-width: 0; }
      .compare { --at: 50; aspect-ratio: var(--w) / var(--h); background: var(--rule);
        border-radius: 3px; overflow: hidden; position: relative;
        width: min(100%, calc(85vh * var(--w) / var(--h))); }
      .layer { inset: 0; position: absolute; }
      .layer.after { clip-path: inset(0 0 0 calc(var(--at) * 1%)); }
      .layer img { display: block; height: 100%; width: 100%; }
      .tag { background: #0009; border-radius: 1rem; bottom: .6rem; color: #fff; font-size: .75rem;
        line-height: 1; left: .6rem; padding: .35rem .65rem; position: absolute; }
      .after .tag { left: auto; right: .6rem; }
      .ring { aspect-ratio: 1; border: 2px solid #fff; border-radius: 50%;
        box-shadow: 0 0 0 1.5px #000a, inset 0 0 0 1.5px #000a; color: #fff; font-size: .75rem;
        font-weight: 700; line-height: 1; min-width: 1rem; position: absolute;
        text-indent: calc(100% + .4rem); text-shadow: 0 0 3px #000, 0 0 3px #000;
        translate: -50% -50%; }
      .compare input { -webkit-appearance: none; appearance: none; background: none;
        cursor: ew-resize; height: 100%; inset: 0; margin: 0; position: absolute;
        touch-action: pan-y; width: 100%; }
      .compare input::-webkit-slider-runnable-track { background: none; height: 100%; }
      .compare input::-webkit-slider-thumb { -webkit-appearance: none; height: 100%; width: 1px; }
      .compare input::-moz-range-track { background: none; height: 100%; }
      .compare input::-moz-range-thumb { background: none; border: 0; height: 100%; width: 1px; }
      .compare input:focus-visible { outline-offset: -4px; }
      .handle { background: #fff; bottom: 0; box-shadow: 0 0 4px #0008; left: calc(var(--at) * 1%);
        pointer-events: none; position: absolute; top: 0; translate: -50% 0; width: 2px; }
      .handle::after { background: #fff url('data:image/svg+xml,\
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" fill="none" \
        stroke="%2324211d" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">\
        <path d="m15 14-6 6 6 6m10-12 6 6-6 6"/></svg>');
        border-radius: 50%; box-shadow: 0 1px 5px #0007; content: ""; height: 2.5rem; left: 50%;
        position: absolute; top: 50%; translate: -50% -50%; width: 2.5rem; }
      input:focus-visible + .handle::after { box-shadow: 0 0 0 3px #fff, 0 0 0 6px var(--focus); }
      figcaption { margin-top: .75rem; }
      figcaption strong { font-weight: 600; margin-right: .4rem; }
      figcaption .size { color: var(--quiet); font-size: .875rem;
        white-space: nowrap; }
      figcaption ul, figcaption ol, figcaption p, figcaption details { color: var(--quiet);
        font-size: .875rem; }
      figcaption ul { list-style: none; margin: .15rem 0 0; padding: 0; }
      figcaption ol { margin: .4rem 0 0; padding-left: 1.4rem; }
      figcaption summary { cursor: pointer; padding: .25rem 0; }
      .failed { align-self: start; border-left: 3px solid var(--accent); padding: .25rem 0 .25rem 1.25rem; }
      .failed figcaption { margin: 0; }
      .failed .size { color: var(--accent); }

      @media print, (scripting: none) {
        .compare { aspect-ratio: calc(2 * var(--w)) / var(--h); display: flex; gap: 2px;
          width: 100%; }
        .layer { position: relative; width: 50%; }
        .layer.after { clip-path: none; }
        .compare input, .handle, .ring { display: none; }
        ::details-content { block-size: auto; content-visibility: visible; }
        .picture { flex-basis: 40%; max-width: none; }
      }

      """#)
}
